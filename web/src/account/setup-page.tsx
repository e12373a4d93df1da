export function SetupPage() { return <div>SetupPage</div>; }
