const E164 = /^\+[1-9][0-9]{6,14}$/;

/** True for E.164 with 7 to 15 digits (ITU-T E.164 §6.2; the shortest numbers in use have 7). */
export function isE164(text: string): boolean {
  return E164.test(text);
}

/** `+1234567890` → `+1*** **90`: the dashboard document's mask, country code's first digit and the last two. */
export function maskPhone(e164: string): string {
  return `${e164.slice(0, 2)}*** **${e164.slice(-2)}`;
}
