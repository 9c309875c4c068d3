/** MPEG-2 layer III, 8 kbit/s, 16 kHz, one channel, no checksum: 36 ms of sound in 36 bytes. */
const FRAME_HEADER = [0xff, 0xf3, 0x18, 0xc0];
const FRAME_BYTES = 36;
const FRAME_MS = 36;

/** An MP3 of so many seconds in which nothing is heard: without side information a frame decodes to silence. */
export function silentMp3(seconds: number): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.set(FRAME_HEADER);
  return Buffer.alloc(Math.max(1, Math.ceil((seconds * 1000) / FRAME_MS)) * FRAME_BYTES, frame);
}

const WAV_HEADER_BYTES = 44;
const RATE = 8000;

/** The same as WAV, µ-law at 8 kHz, as telephones have it. */
export function silentWav(seconds: number): Buffer {
  const samples = Math.ceil(seconds * RATE);
  const file = Buffer.alloc(WAV_HEADER_BYTES + samples, 0xff);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(WAV_HEADER_BYTES - 8 + samples, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(7, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples, 40);
  return file;
}
