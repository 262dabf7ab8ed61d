// arabic.mjs - words as a server sends them in another language, for the pictures that run right to left
// SPDX-License-Identifier: GPL-3.0-or-later
export const ARABIC = {
  chat: 'محادثة', launch: 'افتح المحادثة', launch_in: 'افتح المحادثة، يوجد من يرد', close_chat: 'أغلق المحادثة',
  launch_new_in_other: 'افتح المحادثة، {n} ردود جديدة', launch_new_in_two: 'افتح المحادثة، ردان جديدان',
  greeting: 'أهلا بك. مع من نتحدث؟', name: 'الاسم', email: 'البريد الإلكتروني', email_hint: 'ليصلك الجواب',
  about: 'ما الموضوع', message: 'الرسالة', optional: 'اختياري', start: 'ابدأ المحادثة',
  why: 'نستخدم هذه البيانات للرد عليك.', email_end: 'يرجى التحقق من العنوان، نهايته ناقصة',
  answers_other: 'نرد عادة خلال {n} دقائق تقريبا', answers_two: 'نرد عادة خلال دقيقتين تقريبا', here_now: 'متصلة الآن',
  write: 'اكتب رسالة', talking: 'أنت تتحدث مع {name}', typing: '{name} تكتب', sending: 'قيد الإرسال',
  sent: 'أُرسلت', received: 'وصلت', read: 'قُرئت', not_sent: 'لم تُرسل.', try_again: 'حاول مرة أخرى',
  waiting_line: 'بانتظار الاتصال', offline: 'لا يوجد اتصال. ما تكتبه محفوظ وسيُرسل لاحقا.',
  connecting_again: 'نحاول الاتصال من جديد', today: 'اليوم', yesterday: 'أمس', you: 'أنت', send: 'أرسل',
  more: 'المزيد', back: 'عودة إلى القائمة',
};
