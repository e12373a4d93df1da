import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linksOf, lostLinksOf } from '../src/calls/phone-link-store.ts';
import { PhoneLinks } from '../src/calls/phone-links.ts';
import { placeCall } from '../src/calls/place-call.ts';
import { recentCallsOfExtension } from '../src/calls/store.ts';
import { testCompany } from '../src/desk/testing.ts';
import type { TestCompany } from '../src/desk/testing.ts';
import { addPhoneSystem, changePhoneSystem } from '../src/organization/change-phone-system.ts';
import type { Viewer } from '../src/organization/viewer.ts';
import { systemClock } from '../src/platform/clock.ts';
import { openDatabase } from '../src/platform/database/database.ts';
import { testDatabase } from '../src/platform/database/testing.ts';
import type { TestDatabase } from '../src/platform/database/testing.ts';
import { testLog } from '../src/platform/log.testing.ts';
import { createNotifier } from '../src/platform/notifier.ts';
import type { RunningNotifier } from '../src/platform/notifier.ts';
import { createSecretBox } from '../src/platform/secret-box.ts';
import { block, startAmiServer } from '../src/telephony/asterisk/ami-server.testing.ts';
import type { AmiServer, ReceivedAction } from '../src/telephony/asterisk/ami-server.testing.ts';

/** Links to phone systems, on one node and on two, with a stand-in for the manager interface of Asterisk. */
describe('the link to a phone system', () => {
  let database: TestDatabase;
  let notifier: RunningNotifier;
  let company: TestCompany;
  let asterisk: AmiServer;
  let answer: (action: ReceivedAction) => string | undefined;
  let viewer: Viewer;
  const nodes: PhoneLinks[] = [];

  beforeEach(async () => {
    database = await testDatabase();
    notifier = await createNotifier({ connection: database.connection });
    company = await testCompany(database.db);
    answer = () => undefined;
    asterisk = await startAmiServer({ answer: (action) => answer(action) });
    viewer = {
      organizationId: company.organizationId,
      personId: company.people['201'],
      userId: '',
      name: 'Alice Adams',
      email: '201@acme.example',
      role: 'administrator',
      plan: 'View',
      extension: '101',
      mayNot: [],
      numbersMasked: false,
    };
  });
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.close()));
    await asterisk.close();
    await notifier.close();
    await database.close();
  });

  const deps = () => ({
    db: database.db,
    notifier,
    clock: systemClock,
    log: testLog,
    secretBox: createSecretBox(Buffer.alloc(32, 7)),
  });
  const settings = () => ({
    host: '127.0.0.1',
    port: String(asterisk.port),
    username: 'ringside',
    secret: 'hush',
    trunks: 'carrier',
  });
  const add = async () =>
    (
      await addPhoneSystem(deps(), viewer, {
        name: 'Basement',
        kind: 'asterisk',
        settings: settings(),
      })
    ).phoneSystem;
  const node = () => {
    const links = new PhoneLinks(deps());
    nodes.push(links);
    return links;
  };
  const link = async () => (await linksOf(database.db, company.organizationId))[0];
  const lost = () => lostLinksOf(database.db, company.organizationId);
  const until = async (condition: () => Promise<boolean>) => {
    while (!(await condition())) await new Promise((next) => setTimeout(next, 50));
  };
  const connected = () => until(async () => (await link())?.connectedSince != null);

  test('is opened, and what it brings becomes calls', async () => {
    await add();
    node();
    await connected();
    expect(await link()).toMatchObject({ extensions: ['101'], warnings: [], lostSince: null });
    const trunk = { Uniqueid: '1795000000.1', Linkedid: '1795000000.1' };
    asterisk.send({
      Event: 'Newchannel',
      Channel: 'PJSIP/carrier-00000001',
      ...trunk,
      Exten: '117',
    });
    asterisk.send({
      Event: 'DialBegin',
      Channel: 'PJSIP/carrier-00000001',
      ...trunk,
      DestChannel: 'PJSIP/101-00000002',
      DestUniqueid: '1795000000.2',
      DestLinkedid: '1795000000.1',
    });
    const calls = () =>
      recentCallsOfExtension(database.db, company.organizationId, '101', new Date(0));
    await until(async () => (await calls()).length === 1);
    await until(async () => ((await link())?.eventsPerMinute ?? 0) >= 2);
    expect((await link())?.lastEventAt).toBeInstanceOf(Date);
  });

  test('its loss is told with reason and mend while it lasts', async () => {
    const told: unknown[] = [];
    notifier.subscribe('phone-links', (payload) => told.push(payload));
    await add();
    node();
    await connected();
    const { port } = asterisk;
    await asterisk.close();
    await until(async () => (await lost()).length === 1);
    expect(await lost()).toEqual([{ name: 'Basement', since: expect.any(Date) }]);
    expect(await link()).toMatchObject({
      connectedSince: null,
      lostReason: expect.any(String),
      lostFix: expect.any(String),
    });
    const { organizationId } = company;
    await expect.poll(() => told).toContainEqual({ organizationId });
    asterisk = await startAmiServer({ port });
    await until(async () => (await lost()).length === 0);
  });

  test('is held by one node; another takes over when that one is cut off', async () => {
    await add();
    const own = openDatabase({ connection: database.connection });
    nodes.push(new PhoneLinks({ ...deps(), db: own.db }));
    await connected();
    node();
    await new Promise((next) => setTimeout(next, 2_500));
    expect(asterisk.sockets.size).toBe(1);
    const [first] = asterisk.sockets;
    await own.close();
    await until(async () => asterisk.sockets.size === 1 && !asterisk.sockets.has(first!));
    await until(async () => (await link())?.held === true);
  });

  test('follows a change of its settings, and ends when the phone system is deleted', async () => {
    const { id } = await add();
    node();
    await connected();
    const other = await startAmiServer();
    const moved = { ...settings(), port: String(other.port) };
    await changePhoneSystem(deps(), viewer, id, { name: 'Basement', settings: moved });
    await until(async () => other.sockets.size === 1 && asterisk.sockets.size === 0);
    await expect.poll(async () => (await link())?.held).toBe(true);
    await database.db
      .withTables<{ phone_system: { id: string } }>()
      .deleteFrom('phone_system')
      .where('id', '=', id)
      .execute();
    await until(async () => other.sockets.size === 0);
    await other.close();
  });

  describe('placing a call', () => {
    const caller = () => ({
      organizationId: company.organizationId,
      personId: company.people['201'],
      extension: '101',
    });
    const outcome = (response: Record<string, string>) => {
      answer = ({ Action, ActionID = '', ChannelId = '' }) =>
        Action === 'Originate'
          ? block({ Response: 'Success', ActionID }) +
            block({ Event: 'OriginateResponse', Uniqueid: ChannelId, ...response })
          : undefined;
    };

    test('is done by the node that holds the link', async () => {
      outcome({ Response: 'Success', Reason: '4' });
      await add();
      node();
      await connected();
      expect(await placeCall(deps(), caller(), '+4930123456')).toMatch(/^ringside-/);
      expect(asterisk.received).toContainEqual(
        expect.objectContaining({ Channel: 'PJSIP/101', Exten: '+4930123456' }),
      );
    });

    test('a failure is told in words', async () => {
      outcome({ Response: 'Failure', Reason: '3' });
      await add();
      node();
      await connected();
      await expect(placeCall(deps(), caller(), '117')).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('did not pick up'),
      });
    });

    test('one phone is rung once at a time', async () => {
      answer = ({ Action, ActionID = '', ChannelId = '' }) =>
        Action === 'Originate' && !ChannelId.includes('rights')
          ? block({ Response: 'Success', ActionID })
          : undefined;
      await add();
      node();
      await connected();
      const first = placeCall(deps(), caller(), '117');
      await until(async () => asterisk.received.some(({ Exten }) => Exten === '117'));
      await expect(placeCall(deps(), caller(), '118')).rejects.toMatchObject({
        message: 'Your phone is being rung already.',
      });
      const ChannelId = asterisk.received.find(({ Exten }) => Exten === '117')?.['ChannelId'] ?? '';
      asterisk.send({ Event: 'OriginateResponse', Response: 'Success', Uniqueid: ChannelId });
      expect(await first).toBe(ChannelId);
    });

    test('without a link there is nothing to call with', async () => {
      await expect(placeCall(deps(), caller(), '117')).rejects.toMatchObject({
        code: 'conflict',
      });
    });
  });
});
