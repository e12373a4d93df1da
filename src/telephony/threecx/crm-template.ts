import type { CallerTemplate } from '../port.ts';

/**
 * The server-side CRM template of 3CX, filled in: 3CX asks Ringside who calls, shows the name, and reports each call when it is over.
 * Source: the vendor's description of CRM templates; never tried against a live 3CX.
 */
export function crmTemplate({
  lookupUrl,
  reportUrl,
}: {
  lookupUrl: string;
  reportUrl: string;
}): CallerTemplate {
  return {
    fileName: 'ringside-3cx.xml',
    contentType: 'application/xml',
    body: `<?xml version="1.0" encoding="utf-8"?>
<Crm xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" Country="US" Name="Ringside" Version="1" SupportsEmojis="true">
  <Number Prefix="AsIs" MaxLength="[MaxLength]" />
  <Connection MaxConcurrentRequests="4" />
  <Parameters>
    <Parameter Name="MaxLength" Type="Integer" Parent="General" Editor="String" Title="Max number length to lookup:" Default="15" />
    <Parameter Name="ReportCallEnabled" Type="Boolean" Parent="" Editor="" Title="Enable call journaling" Default="True" />
  </Parameters>
  <Authentication Type="No" />
  <Scenarios>
    <Scenario Id="" Type="REST">
      <Request Url="${escaped(lookupUrl)}?number=[Number]&amp;direction=[CallDirection]" RequestType="Get" ResponseType="Json" />
      <Rules>
        <Rule Type="Any">contacts.id</Rule>
      </Rules>
      <Variables>
${lookupFields.map(([name, path]) => `        <Variable Name="${name}" Path="contacts.${path}" />`).join('\n')}
      </Variables>
      <Outputs AllowEmpty="false">
${lookupFields.map(([name, , output]) => `        <Output Type="${output}" Value="[${name}]" />`).join('\n')}
      </Outputs>
    </Scenario>
    <Scenario Id="ReportCall" Type="REST" EntityId="" EntityOperation="">
      <Request SkipIf="[ReportCallEnabled]!=True" Url="${escaped(reportUrl)}" RequestContentType="" RequestEncoding="Json" RequestType="Post" ResponseType="Json">
        <PostValues>
${reportFields.map((name) => `          <Value Key="${name}" Type="String">[${name}]</Value>`).join('\n')}
        </PostValues>
      </Request>
    </Scenario>
  </Scenarios>
</Crm>
`,
  };
}

/** Our name, where it stands in our answer, and what it is to 3CX. */
const lookupFields: [name: string, path: string, output: string][] = [
  ['ContactUrl', 'url', 'ContactUrl'],
  ['FirstName', 'firstName', 'FirstName'],
  ['LastName', 'lastName', 'LastName'],
  ['CompanyName', 'company', 'CompanyName'],
  ['Email', 'email', 'Email'],
  ['PhoneBusiness', 'phone', 'PhoneBusiness'],
  ['EntityId', 'id', 'EntityId'],
  ['EntityType', 'type', 'EntityType'],
];

const reportFields = [
  'CallType',
  'CallDirection',
  'Number',
  'Agent',
  'QueueExtension',
  'CallStartTimeUTC',
  'CallEstablishedTimeUTC',
  'CallEndTimeUTC',
  'Duration',
];

function escaped(url: string): string {
  return url.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
