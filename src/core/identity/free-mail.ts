/** Mail providers whose domain says nothing about a company. */
const FREE_MAIL = new Set([
  "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com",
  "gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "mail.com", "mail.ru", "yandex.ru", "yandex.com", "proton.me",
  "protonmail.com", "zoho.com", "qq.com", "163.com", "126.com", "naver.com", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "libero.it", "uol.com.br",
  "bol.com.br", "terra.com.br", "hotmail.co.uk", "yahoo.co.uk", "btinternet.com", "comcast.net", "verizon.net", "att.net", "seznam.cz", "wp.pl", "o2.pl", "bigpond.com", "rediffmail.com",
]);

export function isFreeMail(domain: string): boolean {
  return FREE_MAIL.has(domain.toLowerCase());
}
