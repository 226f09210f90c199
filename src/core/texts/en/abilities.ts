/** What HipStatus can do in a chat or calendar, and what not: after "HipStatus can:" and "It cannot:". */
export const ABILITIES = {
  'ability.states': 'set you to {states}',
  'ability.text': 'show a status text of up to {limit} characters',
  'ability.textWithEmoji': 'show a status text of up to {limit} characters, with an emoji',
  'ability.anyText': 'show a status text',
  'ability.emoji': 'show an emoji with the status text',
  'ability.textEnds': 'have the service end the status text by itself, even when this computer is off',
  'ability.noTextEnd':
    'have the service end the status text by itself: HipStatus takes it back, and has to run for that',
  'ability.stateEnds': 'have the service end the state by itself',
  'ability.timeZone': 'keep the time zone of your profile right',
  'ability.calendar': 'see when you are in a meeting, out of office or free',
  'ability.noChange': 'change anything in your calendar',
} as const;
