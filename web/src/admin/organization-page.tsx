export function OrganizationPage() { return <div/>; }
