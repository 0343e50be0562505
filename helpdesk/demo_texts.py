"""Demonstration reports, all invented: what people of a licensing office hear every week."""

# category, class, title line and words, and the name of an invented person ("" for none)
REPORTS: list[tuple[str, str, str, str]] = [
    (
        "izin-terlambat",
        "COMPLAINT",
        "SIP perawat belum terbit\nBerkas saya sudah lengkap sejak dua minggu lalu, tetapi statusnya masih diperiksa dinas. Rumah sakit meminta izinnya sebelum awal bulan.",
        "Siti Rahmawati",
    ),
    (
        "kode-bayar",
        "COMPLAINT",
        "Kode bayar reklame belum keluar\nPermohonan papan nama toko sudah disetujui, tetapi kode bayarnya tidak muncul di halaman saya.",
        "Yusuf Hidayat",
    ),
    (
        "data-salah",
        "COMPLAINT",
        "Alamat di izin salah ketik\nDi izin tertulis Jalan Melati 7, seharusnya Jalan Melati 17. Bagaimana memperbaikinya?",
        "Maria Tanuwijaya",
    ),
    (
        "berkas-dikembalikan",
        "COMPLAINT",
        "Berkas PBG dikembalikan dua kali\nPertama diminta gambar denah, sesudah saya kirim diminta lagi gambar yang lain. Mohon daftar yang lengkap sekali saja.",
        "",
    ),
    (
        "pembayaran",
        "COMPLAINT",
        "Sudah bayar tetapi belum tercatat\nSaya membayar retribusi hari Senin lewat bank. Bukti bayar saya lampirkan, status masih menunggu pembayaran.",
        "Budi Prasetya",
    ),
    (
        "hp",
        "COMPLAINT",
        "Tidak bisa mengirim STR dari HP\nTombol kirim tidak bisa ditekan karena tertutup papan ketik. HP saya Android lama.",
        "Dewi Lestaluhu",
    ),
    (
        "makam",
        "COMPLAINT",
        "Perpanjangan izin makam ditolak\nKatanya kurang meterai, padahal waktu diajukan tidak diminta.",
        "Rudi Hartanto",
    ),
    (
        "oss",
        "INFORMATION",
        "NIB sudah ada, lalu apa?\nSaya punya usaha katering rumahan dan sudah punya NIB. Izin apa lagi yang harus diurus?",
        "PT Sinar Juanda",
    ),
    (
        "syarat",
        "INFORMATION",
        "Syarat izin apotek untuk cabang kedua\nApakah cabang kedua memakai syarat yang sama, dan berapa lama prosesnya?",
        "Nurul Aini",
    ),
    (
        "pungli",
        "COMPLAINT",
        "Diminta uang di depan loket\nSeseorang menawarkan izin selesai sehari bila membayar lima ratus ribu rupiah. Ia menyebut nama petugas.",
        "",
    ),
    (
        "data-salah",
        "COMPLAINT",
        "Nama di SIP tertukar\nNama saya dan teman sejawat tertukar di surat izin praktik yang terbit kemarin.",
        "Agus Salim Batubara",
    ),
    (
        "izin-terlambat",
        "COMPLAINT",
        "Kapan tinjauan lapangan reklame?\nSudah enam hari kerja tidak ada kabar tentang tinjauan lapangan.",
        "Lina Marpaung",
    ),
    (
        "retribusi",
        "COMPLAINT",
        "Retribusi PBG belum dihitung\nBangunan dua lantai di Rawalumbu, berkas lengkap, jumlah retribusi belum ada.",
        "Hendra Wijayakusuma",
    ),
    (
        "unduh",
        "COMPLAINT",
        "Izin tidak bisa dicetak\nBerkas izin terbuka kosong di HP dan di komputer warnet.",
        "Kartika Sari",
    ),
    (
        "petugas",
        "COMPLAINT",
        "Telepon tidak diangkat\nTiga hari saya menelepon, tidak ada yang mengangkat.",
        "Fitri Handayani",
    ),
    (
        "dilempar",
        "COMPLAINT",
        "Disuruh bolak-balik antara dua dinas\nLoket menyuruh ke dinas perumahan, di sana disuruh kembali ke loket.",
        "Joko Santosa",
    ),
    (
        "saran",
        "SUGGESTION",
        "Buka loket lebih pagi pada hari Senin\nAntrean Senin pagi selalu panjang. Mungkin loket bisa buka setengah jam lebih awal.",
        "Ratna Dewanti",
    ),
    (
        "apresiasi",
        "APPRECIATION",
        "Terima kasih untuk petugas loket 3\nIbu saya yang sudah sepuh dibantu sampai selesai. Terima kasih.",
        "Wahyu Nugroho",
    ),
    (
        "antrean",
        "COMPLAINT",
        "Ruang tunggu tanpa kursi cukup\nBanyak lansia berdiri lebih dari satu jam.",
        "",
    ),
    (
        "syarat",
        "INFORMATION",
        "Berapa biaya izin praktik bidan?\nSaya bidan baru. Apakah ada biayanya, dan apa saja yang disiapkan?",
        "Ayu Kusumaningrum",
    ),
    (
        "tanpa-izin",
        "COMPLAINT",
        "Bangunan tiga lantai tanpa papan izin\nDi gang sebelah pasar ada bangunan tanpa papan izin, pekerja sampai malam.",
        "",
    ),
    (
        "aplikasi",
        "COMPLAINT",
        "Halaman berhenti saat mengirim berkas\nSetiap kali sampai langkah kirim, halaman memutar terus.",
        "Bayu Firmansyah",
    ),
    (
        "ditolak",
        "COMPLAINT",
        "Ditolak tanpa alasan\nPermohonan izin salon ditolak. Di surat tidak tertulis apa yang kurang.",
        "Melati Anggraini",
    ),
    (
        "cabut",
        "INFORMATION",
        "Pindah tempat praktik\nSaya dokter gigi dan akan pindah tempat praktik bulan depan. Izin lama harus dicabut dulu?",
        "drg. Intan Permata",
    ),
    (
        "akses",
        "SUGGESTION",
        "Jalur kursi roda di pintu samping\nJalur di pintu samping terlalu curam untuk kursi roda.",
        "Hasan Basri",
    ),
    (
        "kode-bayar",
        "COMPLAINT",
        "Kode bayar kedaluwarsa\nKode bayar keluar Jumat sore dan sudah tidak berlaku hari Senin pagi.",
        "Toko Maju Bersama",
    ),
    (
        "izin-terlambat",
        "COMPLAINT",
        "Izin apotek sudah tiga minggu\nStatus tidak berubah sejak tinjauan lapangan selesai.",
        "Apotek Sehat Rawalumbu",
    ),
    (
        "data-pribadi",
        "INFORMATION",
        "Menghapus nomor HP lama\nMohon nomor HP lama saya dihapus dari data permohonan.",
        "Dian Puspita",
    ),
    (
        "syarat",
        "INFORMATION",
        "Izin keramaian untuk acara RW\nApakah panggung kecil 17-an di lapangan RW perlu izin?",
        "Pak RW 07",
    ),
    (
        "makam",
        "INFORMATION",
        "Cara memperpanjang izin makam\nSaya tinggal di luar kota, bisakah memperpanjang izin makam ayah lewat internet?",
        "Slamet Riyadi",
    ),
]

ANSWERS = [
    "Selamat siang. Terima kasih sudah menulis kepada kami. Berkas Anda kami periksa bersama dinas terkait, dan kabar berikutnya kami kirim di halaman ini.",
    "Selamat pagi. Kami sudah membaca laporan Anda. Petugas yang memegang berkas sudah kami hubungi hari ini.",
    "Terima kasih atas laporannya. Kami mohon maaf atas kesulitan yang Anda alami; sedang kami urus.",
]
QUESTIONS = [
    "Agar bisa kami lanjutkan, mohon kirim nomor permohonan dan foto bukti terima berkas.",
    "Mohon kirim ulang foto STR, karena nomor di baris bawah belum terbaca.",
]
REPLIES = [
    "Ini nomor permohonan dan fotonya. Terima kasih.",
    "Apakah ada berkas saya yang kurang?",
]
SOLVED = [
    "Sudah selesai: data sudah diperbaiki dan izin bisa Anda unduh serta cetak sendiri. Bila masih ada yang kurang, balas saja di sini.",
    "Kode bayar yang baru sudah terbit di halaman permohonan Anda dan berlaku tujuh hari.",
    "Jawaban kami: syarat dan lamanya ada di halaman izin tersebut, tanpa biaya. Silakan balas bila ada yang belum jelas.",
]
REFUSED = "Mohon maaf, laporan ini tidak dapat kami terima karena sedang diperiksa pengadilan. Anda dapat menunggu putusannya, lalu menulis lagi kepada kami."
FORWARDED = "Laporan Anda kami teruskan kepada Satuan Polisi Pamong Praja, yang berwenang menindak. Anda akan dihubungi oleh mereka."
NOTES = [
    "Sudah telepon dinas: berkas ada di meja verifikator, menunggu tanda tangan.",
    "Warga lebih mudah dihubungi sore hari.",
]
