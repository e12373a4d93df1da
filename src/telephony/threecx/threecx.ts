import type { PhoneSystemKind } from '../port.ts';
import { readCallReport } from './call-report.ts';
import { crmTemplate } from './crm-template.ts';
import { parseThreecxSettings, threecxFields, threecxGuide, threecxTarget } from './settings.ts';
import { testThreecx } from './test-threecx.ts';
import { openThreecxLink } from './threecx-link.ts';

/** 3CX v20 by its Call Control API. Built to the vendor's description; never tried against a live one. */
export const threecx: PhoneSystemKind = {
  kind: '3cx',
  title: '3CX v20 (Call Control)',
  readHook: readCallReport,
  callerTemplate: crmTemplate,
  link: {
    fields: threecxFields,
    guide: threecxGuide,
    target: threecxTarget,
    parseSettings: parseThreecxSettings,
    open: (settings, secrets, sink) => openThreecxLink(settings, secrets, sink),
    test: (settings, secrets, signal) => testThreecx(settings, secrets, signal),
  },
};
