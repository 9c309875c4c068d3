export interface AudioType {
  mimeType: string;
  /** without a dot */
  extension: string;
}

/** So many bytes of a file's beginning are enough to tell what it is. */
export const AUDIO_HEAD_BYTES = 64;

/** What is at the beginning of the file types that browsers and carriers record calls in. */
const SIGNS: ReadonlyArray<AudioType & { fits(head: Buffer): boolean }> = [
  { mimeType: 'audio/webm', extension: 'webm', fits: (head) => head.readUInt32BE(0) === 0x1a45dfa3 && head.includes('webm') },
  { mimeType: 'audio/ogg', extension: 'ogg', fits: (head) => reads(head, 0, 'OggS') },
  { mimeType: 'audio/wav', extension: 'wav', fits: (head) => reads(head, 0, 'RIFF') && reads(head, 8, 'WAVE') },
  { mimeType: 'audio/flac', extension: 'flac', fits: (head) => reads(head, 0, 'fLaC') },
  { mimeType: 'audio/mp4', extension: 'm4a', fits: isMp4 },
  { mimeType: 'audio/aac', extension: 'aac', fits: (head) => head[0] === 0xff && (byte(head, 1) & 0xf6) === 0xf0 },
  { mimeType: 'audio/mpeg', extension: 'mp3', fits: (head) => reads(head, 0, 'ID3') || isMp3Frame(head) },
];

/** The type of audio that a file begins like, whatever its name says; undefined: none that we take. */
export function audioTypeOf(head: Buffer): AudioType | undefined {
  // no such file is shorter than its own header
  if (head.length < 12) return undefined;
  const found = SIGNS.find(({ fits }) => fits(head));
  return found && { mimeType: found.mimeType, extension: found.extension };
}

/** Of the containers that share this form, those that hold sound alone, or are used for it. */
const MP4_BRANDS = /^(M4A |M4B |mp41|mp42|isom|iso[2-9]|dash|3gp.)$/;

function isMp4(head: Buffer): boolean {
  return reads(head, 4, 'ftyp') && MP4_BRANDS.test(head.toString('latin1', 8, 12));
}

/** A frame of MPEG audio layer III: sync, no reserved version, a real bit rate and sampling rate (ISO/IEC 11172-3 §2.4.2.3). */
function isMp3Frame(head: Buffer): boolean {
  const [second, third] = [byte(head, 1), byte(head, 2)];
  const isLayer3 = head[0] === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08;
  const bitRate = third >> 4;
  return isLayer3 && bitRate !== 0 && bitRate !== 15 && (third & 0x0c) !== 0x0c;
}

function byte(head: Buffer, at: number): number {
  return head[at] ?? 0;
}

function reads(head: Buffer, at: number, text: string): boolean {
  return head.toString('latin1', at, at + text.length) === text;
}
