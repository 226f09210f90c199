import type { ChoosableCalendar } from '../../engine/calendarChoice.ts';
import { MOST_FIELDS, type PromptAnswer, type PromptField } from '../ipc/promptView.ts';

const nameOf = (index: number): string => `calendar${index}`;

/** One box for each calendar. */
export const calendarFields = (calendars: readonly ChoosableCalendar[]): PromptField[] =>
  calendars.slice(0, MOST_FIELDS).map(({ name, isChosen }, index) => ({
    name: nameOf(index),
    label: name,
    inputType: 'checkbox',
    value: isChosen ? 'yes' : '',
    placeholder: '',
    hint: '',
    required: false,
  }));

/** Those whose box is ticked; of more than there are boxes, those that are read already stay. */
export const chosenCalendars = (
  calendars: readonly ChoosableCalendar[],
  answer: PromptAnswer,
): readonly ChoosableCalendar[] =>
  calendars.filter(({ isChosen }, index) => (index < MOST_FIELDS ? answer[nameOf(index)] === 'yes' : isChosen));
