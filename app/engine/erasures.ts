/** Over this channel Python's threads hear that they are to leave nothing behind; a message is the path of the page. */
export const ERASURES = 'nabla erase';
