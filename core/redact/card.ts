/** How card numbers begin and how long they are then (ISO/IEC 7812; Visa, Mastercard, Amex, Diners, JCB, Discover, UnionPay, Maestro, Mir, RuPay). */
const CARDS = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720|220[0-4]|8[12]\d{2})\d{12}$/,
  /^3[47]\d{13}$/,
  /^3(?:0[0-59]\d|[689]\d{2})\d{10,12}$/,
  /^35(?:2[89]|[3-8]\d)\d{12,15}$/,
  /^6(?:\d{12}|\d{15,18})$/,
  /^5[06-8]\d{11,17}$/,
];

/** Whether digits are the number of a payment card: of a known kind, and with the right check digit (Luhn, ISO/IEC 7812-1 annex B). */
export function isCard(digits: string): boolean {
  return CARDS.some((card) => card.test(digits)) && hasCheckDigit(digits);
}

function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighed = place % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
