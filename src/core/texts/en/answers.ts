/** What is wrong with what a person typed. */
export const ANSWERS = {
  'answer.fill': 'Please fill in: {label}.',
  'answer.blank': 'There is a blank in what you pasted. Copy it once more, alone.',
  'answer.email': 'This does not look like an email address, such as ada@example.com.',
  'answer.address': 'The address must begin with https:// or webcal://.',
  'answer.server': 'This does not look like the address of a server, such as https://chat.example.com.',
  'answer.https': 'The address must begin with https://, so that nobody can read your token on the way.',
} as const;
