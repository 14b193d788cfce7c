// Keeps what was chosen in a cookie of this address, for a year. Draws nothing.
const KEEP_S = 365 * 24 * 3600;

export default function ({ data }) {
  if (!data.choices) return;
  const safe = location.protocol === "https:" ? "; secure" : "";
  const value = encodeURIComponent(data.choices);
  document.cookie = `${data.name}=${value}; path=/; max-age=${KEEP_S}; samesite=strict${safe}`;
}
