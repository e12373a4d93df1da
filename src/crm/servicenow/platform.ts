import type { ConnectOptions, CrmConnection, CrmPlatform, Settings } from "../port.ts";
import { readBaseUrl } from "./base-url.ts";
import { runCheck } from "./check.ts";
import { createClient } from "./client.ts";
import type { Client } from "./client.ts";
import { basicCredential } from "./credential.ts";
import { failure } from "./failure.ts";
import { recordLink } from "./link.ts";
import { pullRecords } from "./pull.ts";
import { guide, parseSettings, settingFields } from "./settings.ts";

export const servicenow: CrmPlatform = {
  id: "servicenow",
  title: "ServiceNow",
  fields: settingFields,
  guide,
  parseSettings,
  connect,
};

/** Costs nothing until it is used; settings that cannot be used show in `check` and `pull`, not here. */
function connect(
  settings: Settings,
  secrets: Settings,
  options: ConnectOptions = {},
): CrmConnection {
  let client: Client | null = null;
  const open = (): Client => {
    const endpoint = readBaseUrl(settings["endpoint"] ?? "");
    if (!endpoint.ok) throw failure("bad-url", `Endpoint: ${endpoint.message}`);
    const username = settings["username"] ?? "";
    client ??= createClient({
      baseUrl: endpoint.url,
      username,
      credential: basicCredential(username, secrets["password"] ?? ""),
      ...options,
    });
    return client;
  };
  return {
    check: (signal) => runCheck(settings, open, signal),
    async *pull(kind, pullOptions = {}) {
      yield* pullRecords(open(), kind, pullOptions);
    },
    link(target) {
      const link = recordLink(settings["detailsLink"] ?? "", target);
      if (link === null) throw failure("bad-url", "CRM Details Link is no usable address.");
      return link;
    },
    async close() {
      await client?.close();
      client = null;
    },
  };
}
