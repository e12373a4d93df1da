import { Button, Group, SimpleGrid, Switch, Textarea, TextInput } from '@mantine/core';
import type { CaseTemplate } from '../../../src/organization/call-handling.ts';
import classes from './call-handling-section.module.css';

interface CaseTemplateFieldsProps {
  template: CaseTemplate;
  disabled: boolean;
  errorOf: (field: string) => string | undefined;
  pathOf: (field: string) => string;
  onChange: (changed: Partial<CaseTemplate>) => void;
  onRemove: () => void;
}

/** One template. Placeholders are filled in when an agent opens a case from it. */
export function CaseTemplateFields(props: CaseTemplateFieldsProps) {
  const { template, disabled, errorOf, pathOf, onChange, onRemove } = props;
  const named = template.name === '' ? 'new template' : template.name;
  const orNull = (text: string) => (text === '' ? null : text);
  return (
    <fieldset
      className={classes.template}
      aria-label={`Case template ${named}`}
      disabled={disabled}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <TextInput
          label="Name"
          placeholder="Such as Technical problem"
          value={template.name}
          maxLength={100}
          error={errorOf('name')}
          data-path={pathOf('name')}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Short description"
          description="{caller} {company} {number} {queue} {agent} {date}"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={template.shortDescription}
          maxLength={160}
          error={errorOf('shortDescription')}
          data-path={pathOf('shortDescription')}
          onChange={(event) => onChange({ shortDescription: event.currentTarget.value })}
        />
        <TextInput
          label="Priority"
          description="The value in ServiceNow, such as 2 for High. Empty: its default."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={template.priority ?? ''}
          maxLength={40}
          error={errorOf('priority')}
          data-path={pathOf('priority')}
          onChange={(event) => onChange({ priority: orNull(event.currentTarget.value) })}
        />
        <TextInput
          label="Category"
          description="The value in ServiceNow, such as 1 for Issue. Empty: its default."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={template.category ?? ''}
          maxLength={40}
          error={errorOf('category')}
          data-path={pathOf('category')}
          onChange={(event) => onChange({ category: orNull(event.currentTarget.value) })}
        />
      </SimpleGrid>
      <Textarea
        mt="sm"
        label="Description"
        autosize
        minRows={2}
        maxRows={8}
        value={template.description}
        maxLength={4000}
        error={errorOf('description')}
        data-path={pathOf('description')}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <Group justify="space-between" mt="sm">
        <Switch
          label="Offered first"
          checked={template.isDefault}
          onChange={(event) => onChange({ isDefault: event.currentTarget.checked })}
        />
        <Button variant="subtle" color="red" size="xs" onClick={onRemove}>
          Remove {named}
        </Button>
      </Group>
    </fieldset>
  );
}
