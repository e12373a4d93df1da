/**
 * Rows that are made when they are looked at: row `index` is a function of the seed, so a million of them take no memory. Rows are in
 * the order of their sys_id.
 */
export interface GeneratedRows {
  count: number;
  sysId(index: number): string;
  /** Place of a sys_id, or -1. */
  indexOf(sysId: string): number;
  /** A field's stored value; '' for every field that the generator does not fill. */
  value(index: number, field: string): string;
  /** A date field in epoch seconds, where the generator has it as a number: sorting a million dates needs no texts then. */
  seconds(index: number, field: 'sys_updated_on' | 'sys_created_on'): number;
}
