import { foldTexts } from './folded-text.ts';
import { gramHashes } from './fingerprints.ts';

/**
 * What so many texts say that it tells nothing about where it came from: courtesies, notices, headers, common hosts. From the phrases of at
 * least 36 letters and digits that unrelated messages of public mail and issue corpora share most, and those of RFC 5322, RFC 9110 and HTML.
 */
const COMMON_TEXTS: readonly string[] = [
  'Thank you for your help and for your patience in this matter. Thank you for your time and consideration. Thank you for reaching out to us',
  'Thank you for contacting us. We will get back to you as soon as possible. We will get back to you within the next 24 hours',
  'Thanks in advance for your help. Many thanks for your quick reply. Looking forward to hearing from you soon. I look forward to hearing from you',
  'Please do not hesitate to contact me if you have any questions. Please do not hesitate to contact us if you have any further questions or concerns',
  'Please let me know if you have any questions or concerns. Please let us know if there is anything else we can help you with',
  'If you have any questions, please feel free to contact me. Feel free to reach out if you need anything else. Let me know if you need anything else',
  'I hope this email finds you well. I hope this message finds you well. I hope you are doing well. Hope you had a great weekend',
  'Please find attached the document. Please see the attached file for more information. Please find below the details of your order',
  'I am writing to inform you that. I am writing to let you know that. I would like to inform you that. I wanted to follow up on our conversation',
  'As discussed in the meeting, as mentioned in my previous email, as soon as possible, at your earliest convenience',
  'Sorry for the inconvenience. We apologize for any inconvenience this may have caused. Sorry for the late reply. Sorry for the delay in getting back to you',
  'This email and any attachments are confidential and may be privileged. It is intended solely for the use of the individual or entity to whom it is addressed.',
  'If you have received this email in error, please notify the sender immediately and delete it. If you are not the intended recipient',
  'You are receiving this email because you are subscribed. To unsubscribe from this list, click here. This is an automated message, please do not reply to this email',
  'All rights reserved. Terms of service and privacy policy. For more information, please visit our website. Click the link below to view in your browser',
  'Kind regards, best regards, with best regards, sincerely yours, yours sincerely, best wishes, sent from my iPhone',
  'Have a great day. Have a nice weekend. Please confirm receipt of this email. Please reply to this email',
  'Subject: Re: Fwd: From: To: Cc: Date: Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday',
  'January February March April May June July August September October November December',
  'Content-Type: text/plain; charset=utf-8 Content-Type: text/html; charset=utf-8 Content-Type: application/json; charset=utf-8 Content-Transfer-Encoding: quoted-printable MIME-Version: 1.0',
  'Content-Type: multipart/alternative; multipart/mixed; application/x-www-form-urlencoded Cache-Control: no-cache, no-store, must-revalidate',
  '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
  '---------- Forwarded message --------- -----Original Message----- begin forwarded message',
  'https://www.google.com/ https://docs.google.com/document/d/ https://drive.google.com/file/d/ https://www.youtube.com/watch https://github.com/ https://calendar.google.com/calendar/event https://www.linkedin.com/company/',
];

/** Hashes of the grams of {@link COMMON_TEXTS}. */
export const COMMON_GRAMS: ReadonlySet<number> = commonGrams();

function commonGrams(): ReadonlySet<number> {
  const grams = new Set<number>();
  for (const text of COMMON_TEXTS) {
    for (const hash of gramHashes(foldTexts([text], text.length).units)) grams.add(hash);
  }
  return grams;
}
