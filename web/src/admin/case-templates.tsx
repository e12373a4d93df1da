import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { CaseTemplate } from '../../../src/organization/call-handling.ts';
import { CaseTemplateFields } from './case-template-fields.tsx';
import { MissingPlan } from './missing-plan.tsx';
import { asProblem } from '../ui/problem.ts';
import { useCaseChoices } from './use-case-choices.ts';
import { useCallHandling, useMissingPlan } from './use-call-handling.ts';

/** Templates for new cases; one of them is offered first. */
export function CaseTemplates() {
  const { value, change, errorOf, pathOf } = useCallHandling('caseTemplates');
  const locked = useMissingPlan('case-templates') !== null;
  const choices = useCaseChoices(value.length > 0);
  const problem = choices.error === null ? choices.data?.problem : asProblem(choices.error).detail;
  const setTemplate = (index: number, changed: Partial<CaseTemplate>) =>
    change(
      value.map((one, at) => {
        if (at === index) return { ...one, ...changed };
        // Only one is offered first.
        return changed.isDefault === true ? { ...one, isDefault: false } : one;
      }),
    );
  return (
    <Stack gap="sm">
      <MissingPlan feature="case-templates" />
      {value.length === 0 && !locked && (
        <Text size="sm" c="dimmed">
          No templates yet: agents fill in the subject of each new case.
        </Text>
      )}
      {value.length > 0 && problem != null && (
        <Alert color="yellow" variant="light">
          The lists of ServiceNow could not be read just now: {problem}
        </Alert>
      )}
      {value.map((template, index) => (
        <CaseTemplateFields
          key={template.id}
          template={template}
          choices={choices.data}
          disabled={locked}
          errorOf={(field) => errorOf(`${index}.${field}`)}
          pathOf={(field) => pathOf(`${index}.${field}`)}
          onChange={(changed) => setTemplate(index, changed)}
          onRemove={() => change(value.toSpliced(index, 1))}
        />
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          disabled={locked || value.length >= 100}
          onClick={() => change([...value, newTemplate(value.length === 0)])}
        >
          Add case template
        </Button>
      </Group>
    </Stack>
  );
}

function newTemplate(isDefault: boolean): CaseTemplate {
  return {
    ...{ id: crypto.randomUUID(), name: '', shortDescription: 'Call from {caller}', isDefault },
    ...{ description: '', priority: null, category: null, assignmentGroup: null },
  };
}
