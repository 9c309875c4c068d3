import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { send } from '../carrier/http.ts';
import { breakerPauseMs } from '../core/breaker.ts';
import { unitVector } from '../core/knowledge/vector.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

/** The endpoint gave no vectors; the message says why. */
export class EmbeddingsFailure extends Error {
  override name = 'EmbeddingsFailure';
  /** undefined: there was no answer */
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/** The texts are to blame: one is too long, or is not taken for another reason. */
const refusesTexts = (error: unknown) => error instanceof EmbeddingsFailure && (error.status === 400 || error.status === 413);

/** The endpoint itself fails, for whatever text. */
const isDown = ({ status }: EmbeddingsFailure) => status === undefined || status === 408 || status === 429 || status >= 500;

/** Any endpoint takes it that takes texts at all. */
const HARMLESS = 'Hello';

const Vectors = Type.Object({
  data: Type.Array(
    Type.Object({ index: Type.Integer({ minimum: 0 }), embedding: Type.Array(Type.Number(), { minItems: 1, maxItems: 16_000 }) }),
  ),
});

/** The model whose vectors are used; undefined: no endpoint is configured. */
export function embeddingModel({ config }: Pick<Runtime, 'config'>): string | undefined {
  return config.EMBEDDINGS_URL ? config.EMBEDDINGS_MODEL : undefined;
}

/** How the endpoint fares with this process. */
const stateOf = ofRuntime(() => ({ failures: 0, notBefore: 0 }));

/**
 * Vectors of length 1 of some texts, from an OpenAI-compatible endpoint (POST /embeddings). One that has failed several times in
 * a row is left alone for a while.
 * @throws EmbeddingsFailure
 */
export async function embed(runtime: Runtime, texts: readonly string[], timeoutMs: number, now = Date.now()): Promise<number[][]> {
  const state = stateOf(runtime);
  if (now < state.notBefore) throw new EmbeddingsFailure('The embeddings endpoint failed several times in a row and is left alone');
  try {
    const vectors = await ask(runtime, texts, timeoutMs);
    state.failures = 0;
    return vectors;
  } catch (error) {
    if (error instanceof EmbeddingsFailure && isDown(error)) {
      state.failures++;
      state.notBefore = now + breakerPauseMs(state.failures);
    }
    throw error;
  }
}

/**
 * Vectors of texts of which the endpoint may refuse some: undefined for those. One that refuses any text refuses none in particular.
 * @throws EmbeddingsFailure
 */
export async function embedAll(runtime: Runtime, texts: readonly string[], timeoutMs: number): Promise<Array<number[] | undefined>> {
  try {
    return await embed(runtime, texts, timeoutMs);
  } catch (error) {
    if (!refusesTexts(error)) throw error;
    if (texts.length > 1) {
      const half = Math.ceil(texts.length / 2);
      const first = await embedAll(runtime, texts.slice(0, half), timeoutMs);
      return [...first, ...(await embedAll(runtime, texts.slice(half), timeoutMs))];
    }
    await embed(runtime, [HARMLESS], timeoutMs);
    runtime.log.warn({ cause: error instanceof Error ? error.message : String(error) }, 'a passage has no vector: its text was refused');
    return [undefined];
  }
}

async function ask({ config }: Runtime, texts: readonly string[], timeoutMs: number): Promise<number[][]> {
  const answer = await send({
    company: 'The embeddings endpoint',
    method: 'POST',
    url: `${config.EMBEDDINGS_URL.replace(/\/+$/, '').replace(/\/embeddings$/, '')}/embeddings`,
    headers: {
      'content-type': 'application/json',
      ...(config.EMBEDDINGS_API_KEY && { authorization: `Bearer ${config.EMBEDDINGS_API_KEY}` }),
    },
    body: JSON.stringify({ model: config.EMBEDDINGS_MODEL, input: texts, encoding_format: 'float' }),
    timeoutMs,
  });
  if (answer.got !== 'answer') throw new EmbeddingsFailure(answer.message);
  if (answer.status !== 200) throw new EmbeddingsFailure(`The embeddings endpoint answered ${answer.status}`, answer.status);
  if (!Value.Check(Vectors, answer.body))
    throw new EmbeddingsFailure('The embeddings endpoint answered in a form we do not know', answer.status);
  const byIndex = new Map(answer.body.data.map(({ index, embedding }) => [index, unitVector(embedding)]));
  return texts.map((_, index) => {
    const vector = byIndex.get(index);
    if (!vector || vector.length !== byIndex.get(0)?.length)
      throw new EmbeddingsFailure('The embeddings endpoint left texts out', answer.status);
    return vector;
  });
}
