// Notes on the page which language it is in. Draws nothing.
export default function ({ data, parentElement }) {
  parentElement.ownerDocument.documentElement.lang = data.language;
}
