import { expect, test } from 'vitest';
import { allowedMethods } from './methods.ts';

const routes = [
  { url: '/*', methods: ['GET'] },
  { url: '/api/v1/people', methods: ['POST'] },
  { url: '/api/v1/people/:id', methods: ['PUT'] },
  { url: '/api/v1/people/:id', methods: ['DELETE'] },
];

test.each([
  ['/api/v1/people', ['POST']],
  ['/api/v1/people/7', ['DELETE', 'PUT']],
  ['/api/v1/people/', []],
  ['/api/v1/people/7/x', []],
  ['/elsewhere', []],
])('%s answers to %j', (path, methods) => {
  expect(allowedMethods(routes, path)).toEqual(methods);
});
