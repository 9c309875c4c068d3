/** What happens when a number is called. It depends on the number alone, so a test can foretell it (DESIGN §6). */
export interface Script {
  ringSeconds: number;
  end: 'answered' | 'busy' | 'no_answer' | 'failed';
  answeredBy: 'person' | 'machine';
  /** what the callee does each time it is their turn; afterwards a person hangs up and a machine is silent */
  lines: readonly Reply[];
  /** after this long on the line the callee hangs up, whatever is going on */
  staysSeconds: number;
  /** what becomes of the request for the call */
  request: 'accept' | 'stall' | 'throttle_once';
  /** how faithfully the company reports */
  reports: 'normal' | 'no_end' | 'shuffled';
}

export type Reply = { does: 'speak'; text: string } | { does: 'press'; digits: string } | { does: 'silence' } | { does: 'hang_up' };

const speak = (text: string): Reply => ({ does: 'speak', text });

const GREETING = "Hi, you have reached my voicemail. I can't take your call right now. Please leave a message after the tone.";
const QUESTIONS = [
  'What is your return policy?',
  'What are your opening hours?',
  'How much does it cost?',
  'How long does the delivery take?',
  'Can I speak to a person?',
  'Where did you get my number from?',
];
const TALK = [
  speak('Hello, yes, this is a good time.'),
  speak('What is your return policy?'),
  speak('I see, thank you very much.'),
  speak('Goodbye.'),
];

const PERSON: Script = {
  ringSeconds: 5,
  end: 'answered',
  answeredBy: 'person',
  lines: TALK,
  staysSeconds: Infinity,
  request: 'accept',
  reports: 'normal',
};
const MACHINE: Script = { ...PERSON, ringSeconds: 15, answeredBy: 'machine', lines: [speak(GREETING)], staysSeconds: 120 };

/** Last four digits → what happens. */
const MAGIC: Readonly<Record<string, Script>> = {
  '0001': { ...PERSON, end: 'busy' },
  '0002': { ...PERSON, end: 'no_answer' },
  '0003': { ...PERSON, end: 'failed' },
  '0004': MACHINE,
  '0005': { ...PERSON, lines: [], staysSeconds: 1 },
  '0006': PERSON,
  '0007': { ...PERSON, request: 'stall' },
  '0008': { ...PERSON, reports: 'no_end' },
  '0009': { ...PERSON, reports: 'shuffled' },
  '0010': { ...PERSON, request: 'throttle_once' },
  '0011': { ...PERSON, lines: [{ does: 'press', digits: '9' }] },
  '0012': { ...PERSON, lines: [speak('Please stop calling me.')] },
};

/** The script of a number: by its last four digits, else from a mix that the whole number decides. */
export function scriptOf(number: string): Script {
  return MAGIC[number.slice(-4)] ?? mixed(hash(number));
}

/** Of 100 numbers 62 talk, 4 hang up at once, 9 are busy, 12 don't answer, 10 have a machine, 3 fail. */
function mixed(seed: number): Script {
  const ringSeconds = 2 + (seed % 11);
  const share = Math.floor(seed / 11) % 100;
  if (share < 62) return { ...PERSON, ringSeconds, lines: conversation(Math.floor(seed / 1100)) };
  if (share < 66) return { ...PERSON, ringSeconds, lines: [], staysSeconds: 1 };
  if (share < 75) return { ...PERSON, end: 'busy' };
  if (share < 87) return { ...PERSON, end: 'no_answer' };
  return share < 97 ? { ...MACHINE, ringSeconds: 10 + ringSeconds } : { ...PERSON, end: 'failed' };
}

function conversation(seed: number): Reply[] {
  const asked = [0, 1].slice(0, 1 + (seed % 2)).map((n) => speak(QUESTIONS[(seed + n * 3) % QUESTIONS.length] ?? ''));
  const opening: Reply = seed % 7 === 0 ? { does: 'press', digits: '1' } : speak(seed % 3 === 0 ? 'Yes, hello?' : 'Hello, who is this?');
  return [opening, ...asked, ...(seed % 5 === 0 ? [{ does: 'silence' } as const] : []), speak('Okay, thank you, goodbye.')];
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return value;
}
