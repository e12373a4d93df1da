/** HTML that an instance, or what stands in front of it, sends instead of JSON (§1.5). */

function page(title: string, body: string): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body>${body}</body></html>`;
}

export const hibernatingPage = page(
  'Instance Hibernating page',
  '<div class="instance-hibernating-page"><h1>Your instance is hibernating</h1><p>Sign in to the site to wake your instance</p>' +
    '<a href="https://developer.servicenow.com/dev.do#!/home?wu=true">Sign in</a></div>',
);

export const loginPage = page(
  'Log in | ServiceNow',
  '<form action="/login.do" method="post"><label>User name <input name="user_name"></label><label>Password <input name="user_password" type="password"></label>' +
    '<button>Log in</button></form>',
);

export const maintenancePage = page(
  'Service Unavailable',
  '<h1>503 Service Unavailable</h1><p>The instance is undergoing maintenance.</p>',
);

export const strangerPage = page(
  '404 Not Found',
  '<h1>Not Found</h1><p>The requested URL was not found on this server.</p>',
);

export const gatewayPage = page('502 Bad Gateway', '<h1>502 Bad Gateway</h1>');
