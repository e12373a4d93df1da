export function InvitePage() { return <div>InvitePage</div>; }
