import type { CrmConnection, PeopleForm } from './port.ts';

/** For tests: a connection where nothing is found and nothing can be written; take it apart and fill in what is needed. */
export const emptyCrm: CrmConnection = {
  async *check() {},
  caseRight: () => Promise.reject(new Error('This CRM takes no records.')),
  async *pull() {},
  async *changes() {},
  async *removals() {},
  async *keys() {},
  read: async () => [],
  findByNumbers: async () => [],
  openCases: async () => [],
  caseByNumber: async () => null,
  choices: async () => [],
  create: () => Promise.reject(new Error('This CRM takes no records.')),
  update: () => Promise.reject(new Error('This CRM takes no changes.')),
  addNote: () => Promise.reject(new Error('This CRM takes no notes.')),
  logCall: () => Promise.reject(new Error('This CRM takes no calls.')),
  logsCalls: () => false,
  ping: async () => {},
  usage: () => ({ requestsLastHour: 0, rateLimit: null, errors: [] }),
  stopped: () => false,
  resume() {},
  link: (target) => `https://crm.example/${target.kind}/${'id' in target ? target.id : ''}`,
  close: async () => {},
};

/** For tests: a CRM whose records nobody changes from here. */
export const noPeople: PeopleForm = {
  fields: { contact: [], consumer: [], customer: [] },
  sizes: { firstName: 50, lastName: 50, customerName: 80 },
};
