import { useMediaQuery } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';

/** What just happened, told in passing: never over the buttons of a pop-up or the bar that saves, which stand at the bottom on the right. */
export function Toasts() {
  const narrow = useMediaQuery('(max-width: 48em)');
  return (
    <Notifications position={narrow ? 'top-center' : 'bottom-left'} autoClose={6000} limit={4} />
  );
}
