/** What Ringside knows about ServiceNow's tables: which fields it reads and what they are called. */
export interface Table {
  name: string;
  /** Plural, for sentences: `contacts`. */
  title: string;
  /** Every field that is asked for. */
  fields: string[];
  phones: { field: string; label: string }[];
  /** Without these the records are of little use; a hidden one is reported. */
  needed: string[];
  /** A role that lets a user read the table (ServiceNow product documentation, CSM roles). */
  role: string;
}

const personFields = [
  'name',
  'first_name',
  'last_name',
  'email',
  'title',
  'country',
  'city',
  'active',
];

export const sysUser: Table = {
  name: 'sys_user',
  title: 'users',
  phones: [
    { field: 'phone', label: 'business phone' },
    { field: 'mobile_phone', label: 'mobile phone' },
    { field: 'home_phone', label: 'home phone' },
  ],
  fields: [
    'sys_id',
    'sys_updated_on',
    'sys_mod_count',
    'sys_class_name',
    'user_name',
    ...personFields,
    'phone',
    'mobile_phone',
    'home_phone',
  ],
  needed: ['name', 'email', 'user_name', 'active'],
  role: 'csm_ws_integration',
};

export const customerAccount: Table = {
  name: 'customer_account',
  title: 'customers',
  phones: [{ field: 'phone', label: 'main line' }],
  fields: [
    'sys_id',
    'sys_updated_on',
    'sys_mod_count',
    'name',
    'number',
    'city',
    'country',
    'phone',
  ],
  needed: ['name'],
  role: 'sn_customerservice_agent',
};

export const customerContact: Table = {
  name: 'customer_contact',
  title: 'contacts',
  phones: sysUser.phones,
  fields: [
    'sys_id',
    'sys_updated_on',
    'sys_mod_count',
    'account',
    'preferred_language',
    ...personFields,
    'phone',
    'mobile_phone',
    'home_phone',
  ],
  needed: ['name', 'account'],
  role: 'sn_customerservice_agent',
};

export const csmConsumer: Table = {
  name: 'csm_consumer',
  title: 'consumers',
  phones: [
    { field: 'business_phone', label: 'business phone' },
    { field: 'mobile_phone', label: 'mobile phone' },
    { field: 'home_phone', label: 'home phone' },
  ],
  fields: [
    'sys_id',
    'sys_updated_on',
    'sys_mod_count',
    'preferred_language',
    ...personFields,
    'business_phone',
    'mobile_phone',
    'home_phone',
  ],
  needed: ['name'],
  role: 'sn_customerservice.consumer_agent',
};

export const customerCase: Table = {
  name: 'sn_customerservice_case',
  title: 'cases',
  phones: [],
  fields: [
    'sys_id',
    'sys_updated_on',
    'sys_mod_count',
    'number',
    'short_description',
    'state',
    'priority',
    'active',
    'closed_at',
    'opened_at',
    'account',
    'contact',
    'consumer',
    'assigned_to',
  ],
  needed: ['number', 'short_description', 'state', 'priority', 'active', 'account', 'contact'],
  role: 'sn_customerservice_agent',
};
