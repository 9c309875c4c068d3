import { calling } from './calling.ts';
import type { Contract } from './endpoint.ts';

/** The documents that are written down so far. */
export const CONTRACTS: readonly Contract[] = [calling];
