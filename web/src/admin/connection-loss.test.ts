import { expect, test } from 'vitest';
import type { ConnectionRow, PersonRow } from '../../../src/organization/contract.ts';
import { connectionLosses } from './connection-loss.ts';

const connection = (id: string, primary: boolean) =>
  ({
    id,
    title: 'ServiceNow',
    primary,
    account: { user: 'r', host: `${id}.example` },
  }) as ConnectionRow;
const [first, second] = [connection('first', true), connection('second', false)];
const mapped = { crmUsers: { first: { id: 'u' } } } as unknown as PersonRow;
const overview = { connectionId: 'first', deliveredLastHour: 9 };
const nothing = { oldest: null, reason: null, fix: null, failingSince: null, stopped: false };

test('whoever removes a connection is told what is lost with it, what is not sent yet first', () => {
  const outbox = { connections: [{ ...overview, ...nothing, waiting: 2, attention: 1 }] };
  const view = { connections: [first, second], people: [mapped, mapped] };
  expect(connectionLosses(first, view, outbox)).toEqual([
    {
      text: '3 notes, cases and calls in the Outbox that did not get to ServiceNow yet are lost.',
      grave: true,
    },
    { text: '2 people lose their CRM user.', grave: false },
    { text: 'ServiceNow (second.example) becomes the primary connection.', grave: false },
  ]);
  expect(connectionLosses(second, view, outbox)).toEqual([
    { text: 'No person is mapped to it.', grave: false },
  ]);
});
