import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import t from 'tap';
import { Environment, parseConfig } from '../core/config.ts';
import { PROJECT } from './project.ts';

const text = readFileSync(join(PROJECT, '.env.example'), 'utf8');

interface Entry {
  name: string;
  value: string;
  description: string;
}

/** A variable is a line of its own, commented out, below the comment that describes it. */
function entries(): Entry[] {
  return [...text.matchAll(/^# (.+)\n#([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, description = '', name = '', value = '']) => ({
    name,
    value,
    description,
  }));
}

t.test('.env.example lists what core/config.ts knows', async (t) => {
  const expected = Object.entries(Environment.properties).map(([name, schema]) => ({
    name,
    value: String(schema.default),
    description: schema.description,
  }));
  t.strictSame(
    entries().filter(({ name }) => name !== 'POSTGRES_PASSWORD'),
    expected,
  );
});

t.test('.env.example lists what docker-compose.yml asks for', async (t) => {
  const compose = readFileSync(join(PROJECT, 'docker-compose.yml'), 'utf8');
  const asked = new Set([...compose.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
  const listed = entries().map(({ name }) => name);
  t.strictSame(
    [...asked].filter((name) => name === undefined || !listed.includes(name)),
    [],
  );
  t.ok(asked.has('POSTGRES_PASSWORD'), 'which no process of ours reads');
});

t.test('copied as it is, it changes nothing', async (t) => {
  t.strictSame({ ...parseEnv(text) }, {});
});

t.test('with every line switched on, development still starts with the same configuration', async (t) => {
  const switchedOn = parseEnv(text.replace(/^#(?=[A-Z])/gm, ''));
  t.strictSame(parseConfig(switchedOn), parseConfig({}));
});
