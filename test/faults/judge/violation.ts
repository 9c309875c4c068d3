export type Rule =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I10'
  | 'I11'
  | 'I13'
  | 'I14'
  | 'I15'
  | 'I17'
  | 'I18'
  | 'I20'
  /** a ring without credit (DESIGN §4) */
  | 'credit'
  /** a run of a recurring call that did not fire, or fired twice */
  | 'schedule'
  /** an end that the callee's phone did not give */
  | 'script'
  /** nonsense that was taken */
  | 'input';

export interface Violation {
  /** a `Rule` of the judge, or a word of the machine's own */
  rule: Rule | (string & {});
  /** the promise of DESIGN §7 that it breaks, 1 to 8 */
  promise?: number;
  detail: string;
  callId?: number;
}
