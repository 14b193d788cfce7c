// What a page gives to eyes and keyboards, read from what the browser computed.
(() => {
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

  // [red, green, blue, opacity] of any colour that CSS can write, 0 to 255 and 0 to 1.
  function colour(css) {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = css;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue, opacity] = brush.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, opacity / 255];
  }

  const over = (front, back) => back.map((each, i) => front[3] * front[i] + (1 - front[3]) * each);
  const parentOf = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host;

  function ancestors(element) {
    const all = [];
    for (let each = element; each; each = parentOf(each)) all.push(each);
    return all;
  }

  // The colours that are seen: of the words and of what lies behind them, with all opacities.
  function seen(element, paint) {
    let behind = [255, 255, 255];
    let share = 1;
    for (const each of ancestors(element).reverse()) {
      const style = getComputedStyle(each);
      share *= Number(style.opacity);
      const back = colour(style.backgroundColor);
      behind = over([...back.slice(0, 3), back[3] * share], behind);
    }
    const own = colour(paint);
    const words = over([...own.slice(0, 3), own[3] * share], behind);
    return [words, behind];
  }

  function luminance(rgb) {
    const [red, green, blue] = rgb.map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(one, other) {
    const [bright, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (bright + 0.05) / (dark + 0.05);
  }

  function* within(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* within(element.shadowRoot);
      const inside = element.tagName === "IFRAME" ? element.contentDocument : null;
      if (inside) yield* within(inside);
    }
  }

  function isShown(element) {
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || box.right < 0 || box.bottom < 0) return false;
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  }

  const isOff = (element) => ancestors(element).some((each) =>
    each.disabled || each.getAttribute?.("aria-disabled") === "true" || each.getAttribute?.("aria-hidden") === "true");

  // Words that are too faint for their size: 4.5 is asked of text, 3 of large text (WCAG 1.4.3).
  window.faintWords = () => {
    const faint = [];
    for (const element of within(document)) {
      const words = [...element.childNodes].filter((each) => each.nodeType === 3).map((each) => each.data.trim()).join(" ").trim();
      // Words in a drawing lie on its shapes, whose colours no style sheet tells.
      if (!words || element instanceof SVGElement || !isShown(element) || isOff(element)) continue;
      const style = getComputedStyle(element);
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const ratio = contrast(...seen(element, style.color));
      if (ratio < (large ? 3 : 4.5)) faint.push(`${words.slice(0, 60)}: ${ratio.toFixed(2)}`);
    }
    return faint;
  };

  // What has the focus, through shadow roots and frames.
  function focused() {
    let element = document.activeElement;
    for (;;) {
      const inside = element?.tagName === "IFRAME" ? element.contentDocument?.activeElement : element?.shadowRoot?.activeElement;
      if (!inside || inside.tagName === "BODY") return element;
      element = inside;
    }
  }

  const nameOf = (element) =>
    element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent.trim() || element.tagName;

  function look(element) {
    const around = [...ancestors(element).slice(0, 4), ...element.querySelectorAll("*")];
    return around.map((each) => {
      const style = getComputedStyle(each);
      const outline = style.outlineStyle === "none" ? "" : `${style.outlineWidth} ${style.outlineColor}`;
      return `${outline}|${style.boxShadow}|${style.borderColor}|${style.backgroundColor}`;
    }).join();
  }

  const drawn = () => new Promise((done) => setTimeout(done, 150));

  // The focused control's name, and whether it looks other than without the focus; null for none.
  window.focusNow = async () => {
    const element = focused();
    if (!element || ["BODY", "MAIN"].includes(element.tagName)) return null;
    await drawn(); // some marks come with the next picture
    const before = look(element);
    element.blur();
    await drawn();
    const marked = look(element) !== before;
    element.focus({ focusVisible: true });
    return { name: nameOf(element).trim(), marked, frame: element.ownerDocument !== document };
  };

  // Names of all controls that can be used now. In a group of choices the keyboard reaches the one
  // that is chosen, and the arrow keys go on from there.
  window.controls = () => {
    const names = [];
    for (const element of within(document)) {
      if (element.getAttribute("aria-checked") === "false" && element.role === "radio") continue;
      if (element.type === "radio" && !element.checked) continue;
      const acts = element.matches("button, a[href], input, select, summary, [role=slider], [role=combobox]");
      if (acts && isShown(element) && !isOff(element) && element.tabIndex >= 0) names.push(nameOf(element).trim());
    }
    return names;
  };
})();
