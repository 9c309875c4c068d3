import fc from 'fast-check';
import t from 'tap';
import { readAction } from '../../core/flow/action.ts';
import { evaluate, holds as isTrue } from '../../core/flow/evaluate.ts';
import { COMPARISONS, type Expression, ExpressionError, parseExpression } from '../../core/flow/expression.ts';
import type { Connection, FlowGraph, FlowNode, NodeConfig, NodeType } from '../../core/flow/graph.ts';
import { fill, templateFault } from '../../core/flow/template.ts';
import { findProblems } from '../../core/flow/validate.ts';
import type { Facts } from '../../core/flow/variable.ts';
import { knowsSilence, listens, nextNode, openFlow } from '../../core/flow/walk.ts';
import { holds } from './holds.ts';

const FACTS: Facts = {
  input: 'Yes, please. I know.',
  digits: '2',
  silence: false,
  transfer: null,
  webhook: true,
  contact: {
    firstName: 'Ada',
    lastName: 'Lovelace',
    name: null,
    email: '',
    phone: '+14155550100',
    status: 'new',
    tags: ['VIP', 'trial'],
    customFields: { plan: 'Gold', age: '36', 'Order No': 7, nested: { a: 1 }, list: ['x', 2, null] },
  },
  call: { attempt: 2, context: null, to: '+14155550100', from: null },
  vars: { step: 3, agreed: true },
};

t.test('conditions', async (t) => {
  const table: Array<[string, boolean]> = [
    ["input == 'yes, please. i know'", true],
    ["input contains 'PLEASE'", true],
    ["input contains 'no'", true],
    ["input mentions 'no'", false],
    ["input mentions ['nope', 'i know']", true],
    ["input startsWith 'yes'", true],
    ["input startswith 'please'", false],
    ['digits == 2', true],
    ["digits = '2'", true],
    ['digits in [1, 2]', true],
    ['digits in []', false],
    ["'vip' in contact.tags", true],
    ["contact.tags contains 'vip'", true],
    ["contact.tags contains ['gold', 'trial']", true],
    ["contact.tags contains 'vi'", false],
    ["contact.tags == 'vip'", false],
    ["contact.customFields.plan in ['gold', 'silver']", true],
    ["custom.plan != 'gold'", false],
    ['custom.age > 18', true],
    ['custom.age < 100', true],
    ["custom.age < '100'", true],
    ["custom['Order No'] == 7", true],
    ["custom.list contains 'x' and custom.list contains 2", true],
    ['custom.nested == 1', false],
    ["custom.missing == 'x'", false],
    ["custom.missing != 'x'", false],
    ['custom.missing < 1 or custom.missing >= 1', false],
    ['not custom.missing', true],
    ['contact.email', false],
    ['silence', false],
    ['!silence && webhook', true],
    ['transfer', false],
    ['call.attempt >= 2', true],
    ['vars.agreed == true and vars.step <> 4', true],
    ["vars.agreed == 'true'", true],
    ["'b' > 'a' and not ('b' <= 'a')", true],
    ["'abc' < 3", false],
    ["'abc' != 3", true],
    ['false or true and false', false],
    ['(false or true) and true', true],
    ['not true or true', true],
    ['not (true or true)', false],
    ["'it\\'s' == \"IT'S.\"", true],
    ["input contains ''", false],
    ['-1 < 0.5', true],
  ];
  for (const [text, expected] of table) t.equal(isTrue(parseExpression(text), FACTS), expected, text);
});

t.test('what can not be read says where and why', async (t) => {
  const table: Array<[string, number, RegExp]> = [
    ['', 1, /expected a value, found the end/],
    ['input ==', 9, /found the end/],
    ["input == 'yes", 10, /closing quote/],
    ['inputt', 1, /no variable inputt.*input/],
    ['input and contact.shoe == 1', 11, /no variable contact\.shoe.*contact\.firstName/],
    ['contact', 1, /no variable contact/],
    ['input.length', 1, /no variable/],
    ['custom.a.b', 1, /no variable/],
    ["contact['__proto__']", 1, /no variable/],
    ['toString', 1, /no variable toString/],
    ['custom.2nd', 8, /expected a name/],
    ['(input', 7, /expected \)/],
    ['input input', 7, /expected and, or, or the end/],
    ['1 == 2 == 3', 8, /expected and, or/],
    ['input ; digits', 7, /unexpected ;/],
    ['[input]', 2, /expected a text or a number/],
    ['not', 4, /found the end/],
    [`${'('.repeat(40)}1${')'.repeat(40)}`, 34, /more than 32 levels/],
    [`${'not '.repeat(40)}1`, 133, /more than 32 levels/],
    [`'${'x'.repeat(1000)}'`, 1001, /more than 1000 characters/],
  ];
  for (const [text, position, message] of table) {
    try {
      parseExpression(text);
      t.fail(`${text} was read`);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      t.match(error.message, message, text.slice(0, 30));
      t.equal(error.position, position, `${text.slice(0, 30)}: ${error.message}`);
    }
  }
});

t.test('nothing of JavaScript can be reached', async (t) => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'length']) {
    t.equal(evaluate(parseExpression(`custom.${name}`), FACTS), null, name);
    t.equal(evaluate(parseExpression(`vars['${name}']`), FACTS), null, name);
  }
});

t.test('many texts, many expressions', async (t) => {
  const path = fc.constantFrom(
    ['input'],
    ['silence'],
    ['contact', 'tags'],
    ['contact', 'customFields', 'plan'],
    ['call', 'attempt'],
    ['vars', 'x y'],
    ['custom', "o'clock"],
  );
  const number = fc.integer({ min: -1000, max: 1000 }).map((n) => (n === 0 ? 0 : n / 4));
  const literal = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 10 }), number, fc.boolean());
  const { expression } = fc.letrec<{ expression: Expression; value: Expression }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      literal.map((value): Expression => ({ kind: 'literal', value })),
      path.map((given): Expression => ({ kind: 'variable', path: given })),
      fc.array(literal, { maxLength: 3 }).map((items): Expression => ({ kind: 'list', items })),
    ),
    expression: fc.oneof(
      { depthSize: 'small', maxDepth: 5 },
      tie('value'),
      fc.record({ kind: fc.constant('not' as const), of: tie('expression') }),
      fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }) }),
      fc.record({ kind: fc.constant('compare' as const), by: fc.constantFrom(...COMPARISONS), left: tie('value'), right: tie('value') }),
    ),
  }));
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const print = (given: Expression): string => {
    switch (given.kind) {
      case 'literal':
        return typeof given.value === 'string' ? quote(given.value) : String(given.value);
      case 'list':
        return `[${given.items.map((value) => print({ kind: 'literal', value })).join(', ')}]`;
      case 'variable':
        return (
          given.path[0] +
          given.path
            .slice(1)
            .map((name) => (/^[a-z]\w*$/i.test(name) ? `.${name}` : `[${quote(name)}]`))
            .join('')
        );
      case 'not':
        return `not (${print(given.of)})`;
      case 'and':
      case 'or':
        return given.of.map((part) => `(${print(part)})`).join(` ${given.kind} `);
      case 'compare':
        return `${print(given.left)} ${given.by} ${print(given.right)}`;
    }
  };
  await t.test('what is printed is read as it was', async (t) => {
    holds(
      t,
      fc.property(expression, (given) => {
        const text = print(given);
        fc.pre(text.length <= 1000);
        return JSON.stringify(parseExpression(text)) === JSON.stringify(given);
      }),
    );
  });
  await t.test('every expression has a value', async (t) => {
    holds(
      t,
      fc.property(expression, fc.string(), (given, input) => typeof isTrue(given, { ...FACTS, input }) === 'boolean'),
    );
  });
  await t.test('no text breaks the reader', async (t) => {
    const scraps = fc.array(
      fc.constantFrom('input', 'and', 'not', '(', ')', '[', ']', ',', '.', "'a'", '1', '==', ' ', '"', 'custom', '-', '\\', '😀'),
    );
    holds(
      t,
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          scraps.map((all) => all.join(' ')),
        ),
        (text) => {
          try {
            parseExpression(text);
          } catch (error) {
            return error instanceof ExpressionError && error.position >= 1 && error.position <= text.length + 1;
          }
          return true;
        },
      ),
      { numRuns: 1000 },
    );
  });
});

t.test('texts with variables', async (t) => {
  t.equal(fill('Hello {{contact.firstName}}, {{ custom.plan }}{{custom.none}}!', FACTS), 'Hello Ada, Gold!');
  t.equal(fill('{{contact.tags}} {{vars.step}} {{silence}}', FACTS), 'VIP, trial 3 false');
  t.equal(fill('{{nonsense}} {{', FACTS), ' {{', 'never throws');
  t.equal(templateFault('Hello {{contact.firstName}}'), undefined);
  t.match(templateFault('Hello {{contact.shoe}}'), /contact\.shoe.*no variable/);
  t.match(templateFault('Hello {{contact.firstName}'), /counterpart/);
});

t.test('actions', async (t) => {
  t.same(readAction({ type: 'tag', tag: ' vip ' }), { action: { type: 'tag', tags: ['vip'] } });
  t.same(readAction({ type: 'tag', tags: ['a', 'b', 'a'] }), { action: { type: 'tag', tags: ['a', 'b'] } });
  t.same(readAction({ type: 'set_field', field: 'plan', value: 'x' }), {
    action: { type: 'set_field', of: 'contact', field: 'plan', value: 'x' },
  });
  t.same(readAction({ type: 'set_field', field: 'vars.n', value: 1 }), { action: { type: 'set_field', of: 'vars', field: 'n', value: 1 } });
  t.match(readAction({ type: 'set_field', field: "custom['Order No']", value: true }), { action: { of: 'contact', field: 'Order No' } });
  t.match(readAction({ type: 'transfer', number: '+1 415 555 0100' }), { action: { number: '+14155550100', timeoutSeconds: 20 } });
  for (const [given, fault] of [
    [undefined, /needs config.action/],
    [{}, /type must be one of tag/],
    [{ type: 'explode' }, /type must be one of tag/],
    [{ type: 'tag' }, /tag must be/],
    [{ type: 'tag', tags: [] }, /tag must be/],
    [{ type: 'set_field', field: 'contact.phone', value: '1' }, /field must be/],
    [{ type: 'set_field', field: 'plan' }, /value must be/],
    [{ type: 'set_field', field: 'plan', value: '{{shoe}}' }, /no variable shoe/],
    [{ type: 'transfer', number: '555' }, /E\.164/],
    [{ type: 'transfer', agentId: 'user_1' }, /agent_123/],
    [{ type: 'transfer', timeoutSeconds: 900 }, /from 5 to 60/],
    [{ type: 'transfer', number: '+14155550100', agentId: 'agent_1' }, /not both/],
    [{ type: 'webhook', url: 'javascript:alert(1)' }, /url must be/],
  ] as Array<[Record<string, unknown> | undefined, RegExp]>) {
    t.match(readAction(given), { fault }, JSON.stringify(given));
  }
});

const node = (id: string, type: NodeType, config: NodeConfig = {}): FlowNode => ({ id, type, config, position: { x: 0, y: 0 } });
const way = (from: string, to: string, condition?: string): Connection => ({ from, to, condition });
const GOOD: FlowGraph = {
  nodes: [
    node('start', 'START'),
    node('hello', 'MESSAGE', { message: 'Hello {{contact.firstName}}, do you have time?' }),
    node('ask', 'CONDITION', { condition: "input mentions 'yes'" }),
    node('tag', 'ACTION', { action: { type: 'tag', tag: 'warm' } }),
    node('end', 'END', { message: 'Goodbye.' }),
  ],
  connections: [
    way('start', 'hello'),
    way('hello', 'ask'),
    way('ask', 'tag', 'true'),
    way('ask', 'hello', 'silence'),
    way('ask', 'end', 'else'),
    way('tag', 'end'),
  ],
};

t.test('a flow is checked', async (t) => {
  t.same(findProblems(GOOD), []);
  const told = (graph: Partial<FlowGraph>) => findProblems({ ...GOOD, ...graph }).map(({ field, message }) => `${field}: ${message}`);
  const withNodes = (...more: FlowNode[]) => ({ nodes: [...GOOD.nodes, ...more] });

  t.match(told({ nodes: [] }), [/^nodes: must hold one START, not none/], 'no START');
  t.match(told(withNodes(node('again', 'START'))).join('\n'), /^nodes: must hold one START, not 2/m);
  t.match(told(withNodes(node('hello', 'END'))).join('\n'), /nodes\.5 \(hello\): has the same id as nodes\.1/);
  t.same(told(withNodes(node('island', 'END'))), ['nodes.5 (island): cannot be reached from START']);
  t.match(told({ connections: [...GOOD.connections, way('tag', 'nowhere', 'digits == 1')] }), [
    /connections\.6 \(tag → nowhere\): leads to nowhere, which is no node/,
  ]);
  t.match(told({ connections: [...GOOD.connections, way('ghost', 'end')] }), [/connections\.6.*comes from ghost/]);
  t.match(told({ connections: [...GOOD.connections, way('tag', 'start', 'digits == 1')] }), [/leads back to START/]);
  t.match(told({ connections: [...GOOD.connections, way('end', 'hello')] }), [/nodes\.4 \(end\): ends the call/]);
  t.match(told({ connections: [...GOOD.connections, way('tag', 'end')] }), [/more than one connection without a condition/]);
  t.match(told({ connections: [...GOOD.connections, way('hello', 'end', 'inputt == 1')] }), [
    /connections\.6.*condition: there is no variable inputt.* at character 1/,
  ]);
  t.match(told({ connections: GOOD.connections.filter(({ from }) => from !== 'tag') }), [/nodes\.3 \(tag\): needs a connection/]);
  t.match(told({ connections: GOOD.connections.filter(({ from, condition }) => from !== 'ask' || condition === 'true') }), [
    /nodes\.2 \(ask\): needs two connections/,
  ]);

  const several = told({
    nodes: [
      node('start', 'START'),
      node('hello', 'MESSAGE', { message: '  ' }),
      node('ask', 'CONDITION', { condition: 'input ==' }),
      node('tag', 'ACTION'),
      node('end', 'END', { message: 'x'.repeat(4001) }),
    ],
  });
  t.match(several, [
    /nodes\.1 .*needs config\.message/,
    /nodes\.2 .*found the end at character 9/,
    /nodes\.3 .*needs config\.action/,
    /nodes\.4 .*4000/,
  ]);
  t.match(told({ nodes: Array.from({ length: 501 }, (_, n) => node(`n${n}`, 'END')) }), [/at most 500/]);
});

t.test('loops', async (t) => {
  const loop = (config: NodeConfig, condition?: string): FlowGraph => ({
    nodes: [node('s', 'START'), node('m', 'MESSAGE', config), node('c', 'CONDITION', { condition: 'call.attempt > 1' }), node('e', 'END')],
    connections: [way('s', 'm'), way('m', 'c', condition), way('c', 'm', 'true'), way('c', 'e', 'else')],
  });
  t.match(findProblems(loop({ message: 'Hi' })), [
    { nodeId: 'm', message: /loop without a MESSAGE that listens/ },
    { nodeId: 'c', message: /loop/ },
  ]);
  t.same(findProblems(loop({ message: 'Hi', listen: true })), [], 'a listening message may be in a loop');
  const endless: FlowGraph = {
    nodes: [node('s', 'START'), node('a', 'MESSAGE', { message: 'A', listen: true }), node('b', 'MESSAGE', { message: 'B' })],
    connections: [way('s', 'a'), way('a', 'b'), way('b', 'a')],
  };
  t.same(new Set(findProblems(endless).map(({ message }) => message)), new Set(['leads to no end']));
  t.same(
    findProblems({ nodes: [node('s', 'START'), node('h', 'ACTION', { action: { type: 'hang_up' } })], connections: [way('s', 'h')] }),
    [],
  );
  t.same(
    findProblems({ nodes: [node('s', 'START'), node('h', 'ACTION', { action: { type: 'transfer' } })], connections: [way('s', 'h')] }),
    [],
  );
});

t.test('the largest flow is checked in a moment', async (t) => {
  const nodes = Array.from({ length: 500 }, (_, n) =>
    n === 0
      ? node('n0', 'START')
      : n === 499
        ? node('n499', 'END')
        : n < 250
          ? node(`n${n}`, 'MESSAGE', { message: 'm' })
          : node(`n${n}`, 'CONDITION', { condition: `${'not '.repeat(30)} call.attempt == ${n}` }),
  );
  const connections = Array.from({ length: 2000 }, (_, n) =>
    way(`n${n % 499}`, `n${Math.min(499, (n % 499) + 1 + Math.floor(n / 499))}`, `call.attempt == ${n}`),
  );
  const before = performance.now();
  findProblems({ nodes, connections });
  t.ok(performance.now() - before < 3000);
});

t.test('the way through a flow', async (t) => {
  const flow = openFlow(GOOD);
  const at = (id: string) => flow.nodes.get(id) ?? node(id, 'END');
  t.equal(nextNode(flow, at('start'), FACTS), 'hello');
  t.equal(nextNode(flow, at('ask'), FACTS), 'tag', 'the node’s condition holds');
  t.equal(nextNode(flow, at('ask'), { ...FACTS, input: 'no' }), 'end', 'else');
  t.equal(nextNode(flow, at('ask'), { ...FACTS, input: null, silence: true }), 'hello', 'the first connection that holds');
  t.equal(nextNode(flow, at('end'), FACTS), undefined);
  t.equal(nextNode(flow, at('start'), FACTS, { onlyIf: true }), undefined);
  t.equal(nextNode(openFlow({ ...GOOD, connections: [way('ask', 'a', 'no'), way('ask', 'b', 'yes')] }), at('ask'), FACTS), 'b');
  t.ok(listens(flow, at('hello')), 'what follows asks what was heard');
  t.ok(knowsSilence(flow, at('hello')));
  const quiet = openFlow({ ...GOOD, connections: [way('start', 'hello'), way('hello', 'tag'), way('tag', 'end')] });
  t.notOk(listens(quiet, at('hello')));
  t.ok(listens(quiet, node('hello', 'MESSAGE', { message: 'x', listen: true })));
  t.notOk(listens(flow, node('hello', 'MESSAGE', { message: 'x', listen: false })));
  const noted = openFlow({
    nodes: [
      node('q', 'MESSAGE', { message: 'Your name?' }),
      node('set', 'ACTION', { action: { type: 'set_field', field: 'name', value: '{{input}}' } }),
    ],
    connections: [way('q', 'set')],
  });
  t.ok(listens(noted, node('q', 'MESSAGE')), 'an action writes down what was heard');
});
