import t from 'tap';
import { isOptOut, optOutFarewell } from '../../core/opt-out.ts';
import { scriptOf } from '../../sandbox/script.ts';

const KEY = '9';

/** Who says this is not called again. */
const OPT_OUTS = [
  // stop
  'Stop calling me.',
  'Please stop calling me.',
  'stop calling',
  'Can you please just stop calling this number?',
  'Stop all calls.',
  'I want these calls to stop.',
  'Stop.',
  'Please stop!',
  'Quit bothering my family',
  'Stop calling me a hundred times a day',
  'Stop harassing us',
  // do not call
  "Don't call me again.",
  'don’t call me anymore',
  'Do not call',
  'Do not call this number.',
  "Yeah hi, I'm busy, don't ever call here again, okay?",
  'Dont call back',
  "Don't call that number again.",
  "Don't call it anymore, this is my work phone",
  "Don't you dare call me again",
  "Don't call me a second time",
  "Don't call me now or ever again",
  'Never call me again',
  'You people do not call me again',
  'Please do not contact me',
  'Do not contact me by phone',
  'Delete my name and number from your records',
  "You shouldn't be calling me",
  "I don't want you to call me.",
  'I do not want to be called again',
  "I don't want any more calls",
  "I don't want to hear from you",
  'I do not wish to be contacted',
  'No more calls, please.',
  'no calls please',
  // lists
  'Remove me from your list',
  'Please remove my number.',
  'remove me',
  'Delete my phone number, please',
  'Take me off your list.',
  'take my number off the list',
  'Get me off this list',
  'I would like to be removed',
  'I want off your calling list',
  'Put me on your do not call list',
  'Put me on the do-not-call registry, thank you.',
  'I am on the national Do Not Call list!',
  'unsubscribe',
  'How do I opt out?',
  'Opt me out',
  'I revoke my consent',
  'Leave me alone',
  'Lose my number',
  // with other talk
  'What is your return policy? Actually, never mind, take me off your list. Goodbye.',
  'Hello, who is this? I told you people last week: stop calling! Thanks.',
  // in doubt they do
  'Please do not stop calling.',
  "I don't want you to stop calling",
  'Do not call me at this number, use the other one.',
  // German
  'Rufen Sie mich nicht mehr an.',
  'Bitte rufen Sie nie wieder an!',
  'Ruf mich nicht an',
  'Ich möchte nicht mehr angerufen werden',
  'Hören Sie auf, mich anzurufen',
  'Bitte keine Anrufe mehr',
  'Streichen Sie mich von Ihrer Liste',
  'Löschen Sie meine Nummer',
  'Lassen Sie mich in Ruhe',
  // Spanish
  'No me llame más',
  'No me vuelvan a llamar, por favor',
  'Deje de llamarme',
  'Quíteme de su lista',
  'No quiero recibir más llamadas',
  'Borre mi número',
  // French
  "Ne m'appelez plus",
  'Ne m’appelez pas !',
  "Arrêtez de m'appeler",
  'Retirez-moi de votre liste',
  'Supprimez mon numéro',
  'Je ne veux plus être appelé',
  // Hindi
  'Mujhe phone mat karo',
  'Dobara call mat karna',
  'mujhe call nahi karna',
  'Call karna band karo',
  'Mera number list se hata do',
  'मुझे कॉल मत करो',
  'दोबारा फ़ोन मत कीजिए',
  'कॉल करना बंद करो',
];

/** Who says this may be called. */
const OTHERS = [
  "Let's not call it a day yet",
  "Don't call it a day",
  "I'd call that a deal",
  "I wouldn't call that cheap",
  "Don't call that a bargain",
  "Don't call me sir",
  "Don't call me a liar",
  "Don't call me by my first name",
  'Please take my order off the list of returns',
  "Don't call the police",
  "Please don't call off the visit",
  'Could you call me again tomorrow?',
  'Call me again, please',
  "Don't call me now, call me tomorrow",
  "Please don't call before nine",
  "Don't call me today",
  "I don't. Call me tomorrow.",
  "I don't call often",
  "Why don't you call me tomorrow?",
  "If you don't call me I will be sad",
  'You never called me back',
  "Please don't forget to call me",
  "Don't hesitate to call me",
  "I can't stop calling my sister, she is so funny",
  "Don't stop",
  'Where is the bus stop?',
  'Can you stop by tomorrow?',
  'Remove the item from my cart',
  'Please remove my order from the cart',
  'Remove my name from the reservation',
  'Take me off speaker',
  'Take it off the bill',
  'Take me off hold please',
  'Is it on your list of products?',
  'I am on your list of customers',
  'I had no more calls today',
  "I don't want to call",
  "I don't want the blue one",
  "I don't mind if you call",
  'No.',
  'No, thank you.',
  'I am not interested',
  'Wrong number',
  'What is the number?',
  'What are the options?',
  'I opted for the red one',
  'End this call',
  'Goodbye',
  '',
  // German
  'Rufen Sie mich morgen wieder an',
  'Warum rufen Sie mich nicht an?',
  'Ich rufe Sie nicht an',
  'Ich habe keine Anrufe bekommen',
  'Rufen Sie mich bitte nicht vor neun Uhr an',
  // Spanish
  'Llámeme mañana',
  'No me llame ahora, llame mañana',
  'Quiero recibir más llamadas',
  // French
  "Je ne m'appelle pas Jean",
  'Rappelez-moi demain',
  "Ne m'appelez pas maintenant",
  // Hindi
  'Mujhe kal call karo',
  'Main call nahi kar sakta',
  'मुझे कल कॉल करो',
];

t.test('words', async (t) => {
  for (const speech of OPT_OUTS) t.equal(isOptOut({ speech }, KEY), true, speech);
  for (const speech of OTHERS) t.equal(isOptOut({ speech }, KEY), false, speech);
  for (const speech of OPT_OUTS) {
    const shouted = `OKAY, LISTEN: ${speech.toUpperCase()}`.replace(/(?<!^)\b(STOP|PLEASE STOP)([.!])$/, 'STOP CALLING$2');
    t.equal(isOptOut({ speech: shouted }, KEY), true, shouted);
  }
});

t.test('of the sandbox’s people only those who are to opt out do', async (t) => {
  t.same(scriptOf('+14155550011').lines, [{ does: 'press', digits: KEY }]);
  t.ok(scriptOf('+14155550012').lines.some((line) => line.does === 'speak' && isOptOut({ speech: line.text }, KEY)));
  for (let n = 0; n < 20_000; n++) {
    const number = `+1415${5_550_000 + n * 7}`;
    if (/001[12]$/.test(number)) continue;
    for (const line of scriptOf(number).lines) {
      if (line.does === 'speak' && isOptOut({ speech: line.text }, KEY)) t.fail(line.text);
      if (line.does === 'press' && isOptOut({ digits: line.digits }, KEY)) t.fail(line.digits);
    }
  }
});

t.test('the key', async (t) => {
  const cases: Array<[digits: string | undefined, key: string, expected: boolean]> = [
    ['9', '9', true],
    ['99', '9', true],
    ['*', '*', true],
    ['#', '#', true],
    ['1', '9', false],
    ['19', '9', false],
    ['91', '9', false],
    ['9', '', false],
    ['', '', false],
    ['', '9', false],
    [undefined, '9', false],
  ];
  for (const [digits, key, expected] of cases) t.equal(isOptOut({ digits }, key), expected, `${digits} with key ${key || 'none'}`);
  t.equal(isOptOut({ digits: '9', speech: 'Hello?' }, '9'), true, 'beside words');
  t.equal(isOptOut({ digits: '1', speech: 'Stop calling me' }, '9'), true, 'words beside another key');
  t.equal(isOptOut({}, '9'), false, 'silence');
});

t.test('a long speech takes no long time', async (t) => {
  for (const word of ['stop ', "don't want ", 'remove my ', 'rufen ', 'a', ' ', "don't call me now ", 'mera number ']) {
    const started = performance.now();
    isOptOut({ speech: word.repeat(8000) }, KEY);
    t.ok(performance.now() - started < 1000, `8,000 × “${word}”: ${Math.round(performance.now() - started)} ms`);
  }
});

t.test('the farewell is in the agent’s language', async (t) => {
  t.match(optOutFarewell('en-GB'), /will not be called again/);
  t.match(optOutFarewell('de'), /nicht mehr angerufen/);
  t.match(optOutFarewell('es-MX'), /No volveremos/);
  t.match(optOutFarewell('fr-FR'), /plus appelé/);
  t.match(optOutFarewell('hi-IN'), /नंबर/);
  t.equal(optOutFarewell('ta-IN'), optOutFarewell('en'), 'English where we know no better');
});
