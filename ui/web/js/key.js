// A key that makes a repeated POST harmless. crypto.randomUUID() is missing on plain http addresses.
export function idempotencyKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
