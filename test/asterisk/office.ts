import type { Page } from 'playwright-core';
import type { KnownCaller } from '../../sandbox/company/lookups.ts';
import { demoAdministrator, demoAgents, setUpDemo } from '../../sandbox/demo/set-up-demo.ts';
import { startSandbox } from '../../sandbox/server.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { openBrowser } from '../support/browser.ts';
import { startTestHub } from '../support/hub.ts';
import * as portal from '../support/portal.ts';
import { asteriskSettings, startAsterisk } from '../../sandbox/asterisk/asterisk.ts';
import type { TestAsterisk } from '../../sandbox/asterisk/asterisk.ts';
import { layCable } from '../support/cable.ts';
import type { Cable } from '../support/cable.ts';
import { SipPhone } from '../../sandbox/asterisk/sip-phone.ts';

/** An office at work: a real Asterisk with its phones, a hub that listens to it, and two agents at their Desks. */
export interface Office {
  db: Database;
  asterisk: TestAsterisk;
  cable: Cable;
  admin: Page;
  /** 101 and 102: their Desks and their phones. */
  alice: Page;
  bob: Page;
  phones: { alice: SipPhone; bob: SipPhone; carrier: SipPhone };
  /** A contact of the CRM who was not taken before. */
  nextCaller(): KnownCaller;
  close(): Promise<void>;
}

export async function openOffice(): Promise<Office> {
  const closers: (() => unknown)[] = [];
  try {
    return await furnish(closers);
  } catch (error) {
    for (const close of closers) await close();
    throw error;
  }
}

async function furnish(closers: (() => unknown)[]): Promise<Office> {
  const later = <T extends { close(): unknown }>(thing: T): T => {
    closers.unshift(() => thing.close());
    return thing;
  };
  const [sandbox, hub, browser, asterisk] = await Promise.all([
    startSandbox({ port: 0, contacts: 300, seed: 4 }).then(later),
    startTestHub().then(later),
    openBrowser().then(later),
    startAsterisk().then(later),
  ]);
  const cable = later(await layCable({ host: asterisk.ip, port: 5038 }));
  const phone = async (user: string, ip: string) => {
    const started = await new SipPhone({
      user,
      password: `pw${user}`,
      ip,
      server: asterisk.ip,
    }).start();
    closers.unshift(() => started.stop());
    return started;
  };
  const phones = {
    alice: await phone('101', asterisk.phoneIp(21)),
    bob: await phone('102', asterisk.phoneIp(22)),
    carrier: await phone('carrier', asterisk.carrierIp),
  };
  await Promise.all([phones.alice.register(), phones.bob.register()]);

  const password = portal.agentPassword;
  await setUpDemo({
    ...{ hubUrl: hub.url, sandboxUrl: sandbox.url, password },
    ...{ stop: new AbortController().signal, say: () => undefined },
  });
  const enter = async (email: string) => {
    const page = await (await browser.newContext()).newPage();
    await portal.signIn(page, hub.url, email, password);
    return page;
  };
  const [admin, alice, bob] = await Promise.all([
    enter(demoAdministrator.email),
    enter(demoAgents[0].email),
    enter(demoAgents[1].email),
  ]);
  await portal.openManageOrganization(admin);
  await portal.addAsterisk(admin, {
    ...asteriskSettings(asterisk),
    name: 'Basement',
    host: '127.0.0.1',
    port: String(cable.port),
  });
  const taken = new Set<string>();
  return {
    db: hub.db,
    asterisk,
    cable,
    admin,
    alice,
    bob,
    phones,
    nextCaller() {
      const caller = sandbox.lookups.uniqueContact(({ name }) => !taken.has(name));
      taken.add(caller.name);
      return caller;
    },
    async close() {
      for (const close of closers) await close();
    },
  };
}
