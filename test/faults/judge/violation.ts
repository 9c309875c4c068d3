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
  | 'I22'
  /** a lead that was taken is not exactly one contact, or a contact is nobody's lead */
  | 'C1'
  /** a contact without the result that its last call says, or one that waits without a reason that holds */
  | 'C2'
  /** a contact in line without an open chain of calls behind it */
  | 'C3'
  /** a person in two calls at once */
  | 'C4'
  /** a person on call or in wrap-up without a call */
  | 'C5'
  /** a call answered for people that was neither put through in time nor counted as abandoned */
  | 'C6'
  /** an event that was told twice, not at all, or of nothing */
  | 'C7'
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
