/* On the pretend site of the settings: the chat is open when the loader comes. */
window.Chatapp = [['open']];
