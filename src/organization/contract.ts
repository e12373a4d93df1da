import { z } from 'zod';
import { cleanText } from '../platform/text.ts';
import { callHandling, callHandlingInput } from './call-handling.ts';
import { numberMaskChoices } from './number-mask.ts';
import { permissionNames } from './permission.ts';
import { plans, roles } from './plan.ts';
import { teamsAtMost } from './team.ts';
import { secondFactorChoices } from './second-factor.ts';

/** HTTP API of the room `organization/`, shared with the web app. All paths are below `/api/v1`. */

const id = z.uuid();
const extension = z
  .string()
  .trim()
  .regex(/^[0-9*#]{1,16}$/, 'An extension is made of digits (and * or #), at most 16 of them.');
const country = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{2}$/, 'Two-letter country code, such as DE or US.');
/** A name for people: without control characters and the like, at most `max` characters. */
const name = (max: number, missing: string) =>
  z
    .string()
    .max(max * 4)
    .overwrite((text) => cleanText(text, max * 4))
    .min(1, missing)
    .max(max);
const personName = name(200, 'Say what this person is called.');
const organizationName = name(200, 'Say what your organization is called.');
const phoneSystemName = name(100, 'Give it a name, such as Head office.');
const email = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email('This is not an e-mail address.').max(254));
const password = z.string().min(12, 'At least 12 characters.').max(128, 'At most 128 characters.');

export const plan = z.enum(plans);
export const role = z.enum(roles);
export const permission = z.enum(permissionNames);

/** A named group of people; of `supervisorIds` each needs the role supervisor or a higher one. */
export const team = z.object({
  id,
  // In a CSV file it stands between the names of two teams.
  name: name(100, 'Give the team a name.').refine(
    (text) => !text.includes('|'),
    'A name of a team holds no |.',
  ),
  memberIds: z.array(id).max(10_000),
  supervisorIds: z.array(id).max(1_000),
});

/** What an organization is called and where it is; a person by name. Also for operators. */
export const organizationFacts = z.object({
  name: organizationName,
  country,
  timeZone: z.string().trim().min(1).max(64),
});
export const namedPerson = z.object({ name: personName, email });
export const seatNumber = z.int().min(0).max(1_000_000);

/** GET /setup: whether the first administrator is still to be created. */
export const setupState = z.object({
  needed: z.boolean(),
  /** Whether any organization of this hub signs in by single sign-on. */
  singleSignOn: z.boolean(),
  /** This hub sends mail: a forgotten password can be mended by its owner. */
  mail: z.boolean(),
});

/** POST /setup: creates organization and first administrator and signs in (cookie). 409 once done. */
export const setupInput = z.object({
  organizationName,
  country,
  timeZone: z.string().trim().min(1).max(64),
  name: personName,
  email,
  password,
});

/** GET /me */
export const me = z.object({
  person: z.object({
    id,
    name: z.string(),
    email: z.string(),
    role,
    plan: plan.nullable(),
    extension: z.string().nullable(),
    /** Mapped to a CRM user of at least one connection. */
    mapped: z.boolean(),
    /** What the organization withholds from this person. */
    mayNot: z.array(permission),
    /** Of telephone numbers they see only the last digits; `e164` fields hold what stands for the number in requests. */
    numbersMasked: z.boolean(),
  }),
  /** `required` and not `active`: until it is set up, every other route refuses with `second-factor-required`. */
  secondFactor: z.object({ active: z.boolean(), required: z.boolean() }),
  /** This session came by single sign-on. */
  singleSignOn: z.boolean(),
  /** Creates organizations on this hub and gives them seats. */
  operator: z.boolean(),
  organization: z.object({ id, name: z.string(), country: z.string(), timeZone: z.string() }),
  /** Whom to ask for a seat or a mapping. */
  administrators: z.array(z.object({ name: z.string(), email: z.string() })),
});
export type Me = z.infer<typeof me>;

/** GET /organization (administrator): everything that Manage Organization shows and its Save may change. */
export const personRow = z.object({
  id,
  name: z.string(),
  email: z.string(),
  role,
  plan: plan.nullable(),
  extension: z.string().nullable(),
  active: z.boolean(),
  /** The invitation has not been accepted yet. */
  invited: z.boolean(),
  /** The last mail to them; null when there was none. */
  mail: z
    .object({
      kind: z.enum(['invitation', 'password']),
      state: z.enum(['waiting', 'sent', 'failed']),
      /** Why the last attempt failed. */
      reason: z.string().nullable(),
      at: z.iso.datetime(),
    })
    .nullable(),
  /** When the page behind their open link was first looked at; a mail program that does so counts as well. */
  linkOpenedAt: z.iso.datetime().nullable(),
  /** Signs in with a code besides the password. */
  secondFactor: z.boolean(),
  /** CRM user by connection id; null where not mapped. */
  crmUsers: z.record(
    id,
    z
      .object({ id: z.string(), name: z.string(), email: z.string(), active: z.boolean() })
      .nullable(),
  ),
  /** A CRM user with the same e-mail, by connection id, offered and never mapped by itself. */
  suggestions: z.record(
    id,
    z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
  ),
});
export type PersonRow = z.infer<typeof personRow>;

/** What is stored of the settings of a CRM or a phone system. */
const storedSettings = {
  /** Settings that are no secrets, by field name; empty until they were saved. */
  settings: z.record(z.string(), z.string()),
  /** Names of the secrets that are stored; their values never leave the server. */
  storedSecrets: z.array(z.string()),
};

export const connectionRow = z.object({
  id,
  /** Platform id, e.g. `servicenow`. */
  platform: z.string(),
  title: z.string(),
  primary: z.boolean(),
  /** Who signs in where, to tell two of one platform apart; '' where it has no such setting, null before the first one was saved. */
  account: z.object({ user: z.string(), host: z.string() }).nullable(),
  ...storedSettings,
  /** `new`: no credential yet. `unchecked`: never checked since the last change. */
  state: z.enum(['new', 'unchecked', 'ok', 'warning', 'failed']),
  lastCheckAt: z.iso.datetime().nullable(),
});
export type ConnectionRow = z.infer<typeof connectionRow>;

export const phoneSystemRow = z.object({
  id,
  /** `webhook`, `asterisk` … */
  kind: z.string(),
  /** The kind's name for people. */
  title: z.string(),
  /** Ringside connects to it by itself; a webhook calls us. */
  linked: z.boolean(),
  name: z.string(),
  /** Of a webhook; a link tells in GET /phone-links. */
  lastEventAt: z.iso.datetime().nullable(),
  /** Whether an HMAC secret is stored; then unsigned events are refused. */
  signed: z.boolean(),
  ...storedSettings,
  /** What posted events are verified with and somebody must type (PUT as `hmacSecret`); null: nothing. */
  hookSecret: z
    .object({
      title: z.string(),
      help: z.string(),
      /** Without it no event is taken. */
      required: z.boolean(),
    })
    .nullable(),
  /** It can be given a CRM template. */
  callerTemplate: z.boolean(),
});
export type PhoneSystemRow = z.infer<typeof phoneSystemRow>;

export const organizationView = z.object({
  id,
  /** Counts up with every Save; a Save based on an older one is refused (409). */
  version: z.int(),
  name: z.string(),
  country: z.string(),
  timeZone: z.string(),
  seats: z.array(z.object({ plan, total: z.int(), used: z.int() })),
  /** An operator gives the seats; a Save that changes them is refused. */
  seatsByOperator: z.boolean(),
  connections: z.array(connectionRow),
  phoneSystems: z.array(phoneSystemRow),
  people: z.array(personRow),
  /** By name. */
  teams: z.array(team),
  callHandling,
  secondFactorFor: z.enum(secondFactorChoices),
  /** This hub sends mail. Without it links are copied. */
  mail: z.boolean(),
  /** What people with the role agent may not do, in the order of the checklist. */
  agentsMayNot: z.array(permission),
  /** Who sees only the last digits of telephone numbers; `supervisors`: agents and supervisors. */
  numbersMaskedFor: z.enum(numberMaskChoices),
});
export type OrganizationView = z.infer<typeof organizationView>;

/** PUT /organization (administrator): the one Save at the top; all or nothing. Answers with organizationView. */
export const organizationInput = z.object({
  version: z.int(),
  name: organizationName,
  country,
  timeZone: z.string().trim().min(1).max(64),
  /** Total seats by plan; a total below what is used is refused. */
  seats: z.partialRecord(plan, seatNumber).optional(),
  primaryConnectionId: id.nullable().optional(),
  /** Only the people that changed. */
  people: z
    .array(
      z.object({
        id,
        role: role.optional(),
        plan: plan.nullable().optional(),
        extension: extension.nullable().optional(),
        active: z.boolean().optional(),
        crmUsers: z.record(id, z.string().max(64).nullable()).optional(),
      }),
    )
    .max(10_000)
    .default([]),
  /** All of them, in the place of those there are; left out: they stay. */
  teams: z.array(team).max(teamsAtMost).optional(),
  /** Only the parts that changed, each as a whole. */
  callHandling: callHandlingInput.optional(),
  /** Who must sign in with a second factor. */
  secondFactorFor: z.enum(secondFactorChoices).optional(),
  /** What agents may not do, as a whole. */
  agentsMayNot: z.array(permission).max(permissionNames.length).optional(),
  /** Who sees only the last digits of telephone numbers. */
  numbersMaskedFor: z.enum(numberMaskChoices).optional(),
});
export type OrganizationInput = z.input<typeof organizationInput>;

/** POST /people (administrator): invites a person; the link is shown once. */
export const personInput = z.object({
  name: personName,
  email,
  role,
  plan: plan.nullable(),
  extension: extension.nullable().default(null),
});
export const personCreated = z.object({ person: personRow, invitationUrl: z.string() });
/** POST /people/:id/mail: a new link by mail, the old one is void; 204, or 409 when this hub sends none. */
/** POST /people/:id/invitation makes a new link, the old one is void. */
export const invitationCreated = z.object({ invitationUrl: z.string() });
/** GET /invitations/:token (no sign-in) */
export const invitationView = z.object({
  organization: z.string(),
  name: z.string(),
  email: z.string(),
  /** A password would not count: the way in is single sign-on. */
  singleSignOn: z.boolean(),
});
/** POST /invitations/:token (no sign-in): sets the password and signs in. */
export const invitationInput = z.object({ password });

/** GET /sessions: the viewer's own sessions, last used first. DELETE /sessions/:id ends one (204); the current one too. */
export const sessions = z.array(
  z.object({
    id,
    createdAt: z.iso.datetime(),
    /** To the minute. */
    lastUsedAt: z.iso.datetime(),
    /** The address that signed in; '' when not known. */
    address: z.string(),
    /** As the browser calls itself (User-Agent); '' when it does not say. */
    browser: z.string(),
    current: z.boolean(),
  }),
);
export type SessionRow = z.infer<typeof sessions>[number];

/**
 * POST /api/auth/sign-in/email, answers 204 and the cookie, or 200 when a code of the second factor is needed; 401 when e-mail and
 * password do not belong together.
 */
export const signInInput = z.object({
  email,
  password: z.string().min(1, 'Type your password.').max(128),
  /** False: the session ends with the browser. */
  remember: z.boolean().default(true),
});
export const codeNeeded = z.object({ needs: z.literal('code') });
/** POST /api/auth/sign-in/code, within ten minutes of the password: six digits of the app or a recovery code. Answers 204. */
export const codeInput = z.object({
  code: z.string().trim().min(1, 'Type the code.').max(64),
  /** This browser is not asked for a code again for 30 days. */
  trustBrowser: z.boolean().default(false),
});
/**
 * POST /api/auth/second-factor/start, with the password: a secret for the app, as the address that a QR code holds, and recovery codes,
 * which are shown once. It counts once POST /api/auth/second-factor/confirm has seen a code. POST …/remove, …/recovery-codes.
 */
export const ownPassword = z.object({
  password: z.string().min(1, 'Type your password.').max(128),
});
export const secondFactorStart = z.object({ uri: z.string(), recoveryCodes: z.array(z.string()) });
export const secondFactorCode = z.object({
  code: z.string().trim().min(1, 'Type the six digits.').max(16),
});
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
/** DELETE /people/:id/second-factor (administrator): takes it away and ends the person's sessions; 204. */

/** POST /api/auth/forgotten-password: 204 whoever it is; whoever has an account gets a mail. 409 when this hub sends none. */
export const forgottenPassword = z.object({ email });
/** POST /api/auth/change-password, answers 204; the other sessions end. POST /api/auth/sign-out answers 204. */
export const passwordChange = z.object({
  currentPassword: z.string().min(1).max(128),
  newPassword: password,
});

/** One field of a form: of a CRM connection, of a phone system. */
export const settingField = z.object({
  name: z.string(),
  title: z.string(),
  help: z.string(),
  kind: z.enum(['text', 'url', 'secret', 'choice']),
  placeholder: z.string(),
  required: z.boolean(),
  /** Of a `choice`. */
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  /** Shown only while another field has one of these values; a choice not made counts as its first. */
  showWhen: z.object({ field: z.string(), values: z.array(z.string()) }).optional(),
});
export type SettingFieldView = z.infer<typeof settingField>;

/** GET /crm-platforms */
export const crmPlatforms = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    guide: z.array(z.string()),
    fields: z.array(settingField),
  }),
);
export type CrmPlatformView = z.infer<typeof crmPlatforms>[number];

/** POST /connections: picks the platform; the Modify pop-up follows. Answers 201 with connectionRow. */
export const connectionCreate = z.object({ platform: z.string().max(64) });
/** PUT /connections/:id: an empty secret keeps the stored one. */
export const connectionInput = z.object({
  settings: z.record(z.string().max(64), z.string().max(4096)),
});
export const connectionSaved = z.object({
  connection: connectionRow,
  /** What was mended, to be shown beside the field. `field` as in refusals: `settings.endpoint`. */
  notes: z.array(z.object({ field: z.string(), message: z.string() })),
});
/** DELETE /connections/:id answers 204 and takes its mirror and mappings along. */

/** GET /connections/:id/users?search=&limit= : the pulled CRM users for the drop-down, active ones first. */
export const crmUserQuery = z.object({
  search: z.string().trim().max(200).default(''),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const crmUserOptions = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    userName: z.string(),
    active: z.boolean(),
  }),
);
export type CrmUserOption = z.infer<typeof crmUserOptions>[number];

/** GET /phone-system-kinds: a kind with fields is one that Ringside connects to. */
export const phoneSystemKindViews = z.array(
  z.object({
    kind: z.string(),
    title: z.string(),
    guide: z.array(z.string()),
    fields: z.array(settingField),
  }),
);
export type PhoneSystemKindView = z.infer<typeof phoneSystemKindViews>[number];

const phoneSettings = z.record(z.string().max(64), z.string().max(4096));

/**
 * POST /phone-systems, POST /phone-systems/:id/token (new token, the old one stops at once). The URL is shown once.
 * A kind that Ringside connects to may be added with its settings or get them by PUT.
 */
export const phoneSystemInput = z.object({
  name: phoneSystemName,
  kind: z.string().max(64),
  settings: phoneSettings.optional(),
});
/** `hookUrl` is '' for a kind that Ringside connects to. */
export const phoneSystemCreated = z.object({ phoneSystem: phoneSystemRow, hookUrl: z.string() });
/**
 * PUT /phone-systems/:id. `hmacSecret`: text sets it, '' removes it, absent keeps it. `settings`: absent keeps them, an empty secret
 * keeps the stored one. DELETE answers 204.
 */
export const phoneSystemChange = z.object({
  name: phoneSystemName,
  hmacSecret: z.string().max(256).optional(),
  settings: phoneSettings.optional(),
});

/** POST /phone-systems/:id/caller-template (administrator): a file for the phone system; the address in an older one stops at once. */
export const callerTemplate = z.object({
  fileName: z.string(),
  contentType: z.string(),
  body: z.string(),
});

/** POST /phone-systems/:id/test (administrator): connects once and walks the steps, within 15 s. */
export const phoneSystemTest = z.object({
  ok: z.boolean(),
  steps: z.array(
    z.object({
      id: z.enum(['connect', 'signed-in', 'rights', 'extensions', 'heartbeat']),
      title: z.string(),
      status: z.enum(['pass', 'warn', 'fail', 'skip']),
      detail: z.string(),
      fix: z.string().nullable(),
      ms: z.int(),
    }),
  ),
});
export type PhoneSystemTest = z.infer<typeof phoneSystemTest>;
