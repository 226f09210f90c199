import type { ANSWERS } from '../en/answers.ts';

/** What is wrong with what a person typed. */
export const ANSWERS_DE = {
  'answer.fill': 'Bitte ausfüllen: {label}.',
  'answer.blank': 'Im eingesetzten Text ist ein Leerzeichen. Bitte noch einmal kopieren, ohne etwas daneben.',
  'answer.email': 'Das sieht nicht wie eine E-Mail-Adresse aus, etwa ada@example.com.',
  'answer.address': 'Die Adresse muss mit https:// oder webcal:// beginnen.',
  'answer.server': 'Das sieht nicht wie die Adresse eines Servers aus, etwa https://chat.example.com.',
  'answer.https': 'Die Adresse muss mit https:// beginnen, damit unterwegs niemand Ihr Token lesen kann.',
} as const satisfies Record<keyof typeof ANSWERS, string>;
