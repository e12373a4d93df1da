import { Page } from '../ui/page.tsx';

export default function DeskPage() {
  return (
    <Page title="Desk" width="wide">
      Nothing here yet.
    </Page>
  );
}
