import { expect, test } from 'vitest';
import { asProblem, ProblemError, problemOf } from './problem.ts';

test('problem JSON is read with its fields', () => {
  const problem = problemOf(
    400,
    {
      code: 'invalid-input',
      detail: 'Wrong.',
      fix: 'Mend it.',
      errors: [{ field: 'a', message: 'b' }, 7, { field: 1 }],
    },
    null,
  );
  const { status, code, detail, fix, errors } = problem;
  expect({ status, code, detail, fix, errors }).toEqual({
    ...{ status: 400, code: 'invalid-input', detail: 'Wrong.', fix: 'Mend it.' },
    errors: [{ field: 'a', message: 'b' }],
  });
});

test.each([null, 'text', [], { detail: 5, code: {}, errors: 'no' }])(
  'an answer of %j still becomes words',
  (body) => {
    const problem = problemOf(502, body, null);
    expect(problem.detail).toBe('The server answered 502 without saying why.');
    expect(problem.errors).toEqual([]);
  },
);

test('too many requests say how long to wait', () => {
  expect(problemOf(429, { detail: 'Slow down.' }, '12').fix).toBe('Try again in 12 seconds.');
  expect(problemOf(429, {}, 'soon').fix).toBe('Try again in a minute.');
});

test('a defect of the page is told apart from a refusal', () => {
  const refusal = new ProblemError({ status: 409, code: 'conflict', detail: 'No.' });
  expect(asProblem(refusal)).toBe(refusal);
  expect(asProblem(new TypeError('x is undefined')).detail).not.toContain('undefined');
});
