export const COMPONENTS = ['stt', 'llm', 'tts', 'carrier'] as const;
export type Component = (typeof COMPONENTS)[number];
export type Unit = 'started_minute' | 'minute' | 'thousand_tokens' | 'thousand_characters';

export interface Rate {
  component: Component;
  unit: Unit;
  /** price of one unit in the account's money */
  price: number;
}

/** What a finished call used up. */
export interface Usage {
  durationSeconds: number;
  spokenCharacters: number;
  tokens: number;
}

export interface Charge {
  component: Component;
  quantity: number;
  unitPrice: number;
  /** positive, rounded half away from zero to a millionth */
  amount: number;
  description: string;
}

const MILLION = 1_000_000;
const THOUSAND = 1000;

/** Prices a call once, a charge per component that was used (DESIGN §4 "Credit"). */
export function priceCall(rates: readonly Rate[], usage: Usage): Charge[] {
  return rates.flatMap((rate) => {
    const quantity = quantityOf(rate.unit, usage);
    if (quantity === 0) return [];
    return [
      {
        component: rate.component,
        quantity,
        unitPrice: rate.price,
        amount: amountOf(quantity, rate.price),
        description: describe(rate, quantity),
      },
    ];
  });
}

/** In whole numbers, quantities having three decimals and prices six: 90.975 × 0.07474 as floats falls below its half. */
function amountOf(quantity: number, price: number): number {
  return Math.round((Math.round(quantity * THOUSAND) * Math.round(price * MILLION)) / THOUSAND) / MILLION;
}

function quantityOf(unit: Unit, usage: Usage): number {
  switch (unit) {
    case 'started_minute':
      return Math.ceil(usage.durationSeconds / 60);
    case 'minute':
      return round3(usage.durationSeconds / 60);
    case 'thousand_tokens':
      return round3(usage.tokens / 1000);
    case 'thousand_characters':
      return round3(usage.spokenCharacters / 1000);
  }
}

const UNIT_WORDS: Record<Unit, string> = {
  started_minute: 'min',
  minute: 'min',
  thousand_tokens: '1,000 tokens',
  thousand_characters: '1,000 characters',
};

function describe(rate: Rate, quantity: number): string {
  return `${quantity} × ${UNIT_WORDS[rate.unit]} at $${rate.price}`;
}

function round3(value: number): number {
  return Math.round(value * THOUSAND) / THOUSAND;
}
