@rem "npm start" says "exec", which makes the server the process that npm passes signals on to. Windows has no such word.
@%*
