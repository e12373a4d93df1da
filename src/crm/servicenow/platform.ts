import type { ConnectOptions, CrmConnection, CrmPlatform, Settings } from '../port.ts';
import { addNote } from './add-note.ts';
import { readBaseUrl } from './base-url.ts';
import { callLogWayOf, rememberCallLogFacts } from './call-log-facts.ts';
import { readCaseRight } from './case-right.ts';
import { runCheck } from './check.ts';
import { createClient } from './client.ts';
import type { Client } from './client.ts';
import { credentialOf } from './credential-choice.ts';
import { failure } from './failure.ts';
import { linkStyleOf, recordLink } from './link.ts';
import { logCall } from './log-call.ts';
import { ping } from './ping.ts';
import { pullChanges, pullRemovals } from './changes.ts';
import { readChoices } from './choices.ts';
import { findByNumbers } from './find-by-numbers.ts';
import { pullKeys, pullRecords } from './pull.ts';
import { readCaseByNumber, readOpenCases, readRecords } from './read-records.ts';
import { people } from './people.ts';
import { createRecord, updateRecord } from './write-record.ts';
import { guide, parseSettings, settingFields } from './settings.ts';

export const servicenow: CrmPlatform = {
  id: 'servicenow',
  title: 'ServiceNow',
  fields: settingFields,
  guide,
  parseSettings,
  people,
  connect,
};

/** Costs nothing until it is used; settings that cannot be used show in `check` and `pull`, not here. */
function connect(
  settings: Settings,
  secrets: Settings,
  options: ConnectOptions = {},
): CrmConnection {
  let client: Client | null = null;
  let linkBase: string | null = null;
  const way = callLogWayOf(settings['logCalls']);
  const callLogFacts = rememberCallLogFacts();
  const open = (): Client => {
    const baseUrl = baseOf('Endpoint', settings['endpoint']);
    client ??= createClient({ baseUrl, credential: credentialOf(settings, secrets), ...options });
    return client;
  };
  const usable = (): boolean => readBaseUrl(settings['endpoint'] ?? '').ok;
  const resume = (): void => {
    if (usable()) open().resume();
  };
  return {
    check(signal) {
      resume();
      return runCheck(settings, open, signal);
    },
    caseRight: async (signal) => readCaseRight(open(), settings['username'] ?? '', signal),
    async *pull(kind, pullOptions = {}) {
      yield* pullRecords(open(), kind, pullOptions);
    },
    async *changes(kind, changeOptions) {
      yield* pullChanges(open(), kind, changeOptions);
    },
    async *removals(changeOptions) {
      yield* pullRemovals(open(), changeOptions);
    },
    async *keys(kind, pullOptions = {}) {
      yield* pullKeys(open(), kind, pullOptions);
    },
    read: async (type, ids, callOptions) => readRecords(open(), type, ids, callOptions),
    findByNumbers: async (variants, callOptions) => findByNumbers(open(), variants, callOptions),
    openCases: async (owner, callOptions) => readOpenCases(open(), owner, callOptions),
    caseByNumber: async (number, callOptions) => readCaseByNumber(open(), number, callOptions),
    choices: async (field, callOptions) => readChoices(open(), field, callOptions),
    usage: () => (usable() ? open().usage() : { requestsLastHour: 0, rateLimit: null, errors: [] }),
    stopped: () => usable() && open().locked(),
    resume,
    create: async (kind, record, callOptions) => createRecord(open(), kind, record, callOptions),
    update: async (kind, id, values, callOptions) =>
      updateRecord(open(), kind, id, values, callOptions),
    addNote: async (caseId, text, note, callOptions) =>
      addNote(open(), caseId, text, note, callOptions),
    logCall: async (log, logOptions) => {
      const opened = open();
      return logCall({ client: opened, way, facts: () => callLogFacts(opened) }, log, logOptions);
    },
    logsCalls: () => way !== 'off',
    ping: async (callOptions) => ping(open(), callOptions),
    link(target) {
      linkBase ??= baseOf('CRM Details Link', settings['detailsLink']);
      return recordLink(linkBase, linkStyleOf(settings['linkStyle']), target);
    },
    async close() {
      await client?.close();
      client = null;
    },
  };
}

function baseOf(title: string, typed = ''): string {
  const read = readBaseUrl(typed);
  if (!read.ok) throw failure('bad-url', `${title}: ${read.message}`);
  return read.url;
}
