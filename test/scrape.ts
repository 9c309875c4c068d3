/** Reads Prometheus' text form, as far as tests need it. */

export interface Scrape {
  /** `name{label="value"}` as it was written → value */
  samples: Map<string, number>;
  /** name → type, of all that have a HELP and a TYPE line */
  types: Map<string, string>;
  help: Map<string, string>;
}

export function parseScrape(text: string): Scrape {
  const scrape: Scrape = { samples: new Map(), types: new Map(), help: new Map() };
  for (const line of text.split('\n').filter(Boolean)) {
    const [, kind, name = '', words = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'TYPE') scrape.types.set(name, words);
    else if (kind === 'HELP') scrape.help.set(name, words);
    else {
      const [, sample = '', value] = /^(\w+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
      if (value === undefined || scrape.samples.has(sample)) throw new Error(`Not to be read, or said twice: ${line}`);
      scrape.samples.set(sample, Number(value));
    }
  }
  return scrape;
}
