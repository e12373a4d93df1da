import { Button, Group, SimpleGrid, Switch, Textarea, TextInput } from '@mantine/core';
import type { CaseChoices } from '../../../src/directory/contract.ts';
import type { CaseTemplate } from '../../../src/organization/call-handling.ts';
import { TemplateChoice } from './template-choice.tsx';
import classes from './call-handling-section.module.css';

interface CaseTemplateFieldsProps {
  template: CaseTemplate;
  /** What the CRM offers; undefined while that is not known. */
  choices: CaseChoices | undefined;
  disabled: boolean;
  errorOf: (field: string) => string | undefined;
  pathOf: (field: string) => string;
  onChange: (changed: Partial<CaseTemplate>) => void;
  onRemove: () => void;
}

/** One template. Placeholders are filled in when an agent opens a case from it. */
export function CaseTemplateFields(props: CaseTemplateFieldsProps) {
  const { template, choices, disabled, errorOf, pathOf, onChange, onRemove } = props;
  const { assignmentGroup: group } = template;
  const named = template.name === '' ? 'new template' : template.name;
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
        <TemplateChoice
          label="Priority"
          list={choices?.priority ?? null}
          chosen={optionOf(template.priority)}
          error={errorOf('priority')}
          path={pathOf('priority')}
          onChange={(chosen) => onChange({ priority: chosen?.value ?? null })}
        />
        <TemplateChoice
          label="Category"
          list={choices?.category ?? null}
          chosen={optionOf(template.category)}
          error={errorOf('category')}
          path={pathOf('category')}
          onChange={(chosen) => onChange({ category: chosen?.value ?? null })}
        />
        <TemplateChoice
          label="Assignment group"
          list={choices?.assignmentGroup ?? null}
          chosen={group === null ? null : { value: group.id, label: group.name }}
          error={errorOf('assignmentGroup')}
          path={pathOf('assignmentGroup')}
          onChange={(chosen) =>
            onChange({ assignmentGroup: chosen && { id: chosen.value, name: chosen.label } })
          }
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

/** By its value alone, which its label replaces as soon as the list is there. */
function optionOf(value: string | null) {
  return value === null ? null : { value, label: value };
}
