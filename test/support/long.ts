/** Set by `npm run test:long`: tests that repeat something do it more often, and print their figures. */
export const long = process.env['RINGSIDE_TEST_LONG'] === '1';
