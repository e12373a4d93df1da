import { Collapse, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBook2, IconChevronDown } from '@tabler/icons-react';
import { useId } from 'react';
import classes from './connection-guide.module.css';

/** What has to be ready on the CRM's side, folded away until asked for. */
export function ConnectionGuide({ platform }: { platform: { title: string; guide: string[] } }) {
  const [opened, { toggle }] = useDisclosure(false);
  const id = useId();
  if (platform.guide.length === 0) return null;
  return (
    <div className={classes.guide}>
      <UnstyledButton
        className={classes.toggle}
        onClick={toggle}
        aria-expanded={opened}
        aria-controls={id}
      >
        <IconBook2 size={18} aria-hidden="true" />
        What has to be ready in {platform.title}
        <IconChevronDown size={16} aria-hidden="true" className={classes.chevron} />
      </UnstyledButton>
      <Collapse expanded={opened} id={id}>
        <div className={classes.text}>
          {platform.guide.map((paragraph) => (
            <Text key={paragraph} size="sm">
              {paragraph}
            </Text>
          ))}
        </div>
      </Collapse>
    </div>
  );
}
